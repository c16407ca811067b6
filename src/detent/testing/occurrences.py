"""Collecting what a piece of code emits."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db.models import Max
from django.test import override_settings

from detent.trigger.models import Occurrence


@contextmanager
def emitted(type: str, *, using: str = "default") -> Iterator[list[Occurrence]]:  # noqa: A002 (CloudEvents' name)
    """Assert that the block emits occurrences of a type, whether or not a rule matches them.

    Args:
        type: The type, such as `order.paid`.
        using: The database alias.

    Yields:
        A list that has the occurrences, in order, once the block has ended.

    Raises:
        AssertionError: There were none; the message has the types that there were instead.
    """
    occurrences: list[Occurrence] = []
    last = Occurrence.objects.using(using).aggregate(last=Max("pk"))["last"] or 0
    with override_settings(DETENT={**getattr(settings, "DETENT", {}), "RECORD_UNMATCHED": True}):
        yield occurrences
    made = list(Occurrence.objects.using(using).filter(pk__gt=last).order_by("pk"))
    occurrences += [occurrence for occurrence in made if occurrence.type == type]
    if not occurrences:
        others = ", ".join(sorted({occurrence.type for occurrence in made})) or "nothing"
        raise AssertionError(f"No {type} was emitted; what was emitted: {others}.")
