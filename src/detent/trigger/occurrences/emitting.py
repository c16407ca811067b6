"""Emitting: taking occurrences in, inside the caller's transaction, in bulk, each once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any

from asgiref.sync import sync_to_async
from django.db import router, transaction
from django.utils import timezone

from detent.settings import detent_settings
from detent.trigger.models import Occurrence
from detent.trigger.observability.signals import occurrences_emitted
from detent.trigger.occurrences.emission import CheckedEmission, Emission, checked
from detent.trigger.occurrences.emitted import Emitted
from detent.trigger.occurrences.evaluation import evaluate
from detent.trigger.occurrences.outbox import Happening, write
from detent.trigger.ruleset import current_ruleset

MICROSECOND = timedelta(microseconds=1)
DUPLICATE = Emitted(duplicate=True)
UNMATCHED = Emitted()


def emit(
    type: str,  # noqa: A002 - the name that CloudEvents gives it
    data: Mapping[str, Any],
    *,
    source: str,
    id: str | None = None,  # noqa: A002
    subject: str = "",
    occurred: datetime | None = None,
    using: str | None = None,
    record: bool | None = None,
) -> Emitted:
    """Say that something happened; the rules that it triggers are recorded, and their actions will run.

    All of it is part of the caller's transaction.

    Args:
        type: What kind of thing happened, such as `order.paid`.
        data: Whatever else there is to say; a mapping that can be written as JSON.
        source: Who says so.
        id: What tells it apart among all that its source says: said again, it does nothing. None: it is said once.
        subject: What it happened to.
        occurred: When it happened, with a time zone; None: now.
        using: The database alias; None: where occurrences are written.
        record: Whether to keep the occurrence though no rule matched; None: as `DETENT["RECORD_UNMATCHED"]` says.

    Returns:
        The rows that were written.

    Raises:
        InvalidOccurrence: Something in it cannot be taken in; nothing was written.
        CausationTooDeep: Occurrences that cause each other would go on and on.
    """
    emission = Emission(type=type, data=data, source=source, id=id, subject=subject, occurred=occurred)
    return emit_many([emission], using=using, record=record)[0]


def emit_many(
    emissions: Iterable[Emission | Mapping[str, Any]], *, using: str | None = None, record: bool | None = None
) -> list[Emitted]:
    """Say that many things happened, in a few statements; see `emit`.

    Args:
        emissions: What happened, as `Emission` or as a mapping with its keys.
        using: The database alias; None: where occurrences are written.
        record: Whether to keep occurrences that no rule matched; None: as `DETENT["RECORD_UNMATCHED"]` says.

    Returns:
        What came of each emission, in their order.

    Raises:
        InvalidOccurrence: Something in one of them cannot be taken in; nothing was written.
        CausationTooDeep: Occurrences that cause each other would go on and on.
    """
    begun = perf_counter()
    using, now = using or router.db_for_write(Occurrence), timezone.now()
    keep_all = detent_settings().RECORD_UNMATCHED if record is None else record
    # What does not say when it happened happened in its order, which windows and replays go by.
    taken = [checked(emission, now + place * MICROSECOND) for place, emission in enumerate(emissions)]
    ruleset = current_ruleset(using)
    happenings = [Happening(one, evaluate(ruleset, one.document, using)) for one in taken]
    kept = {one.emission.key: one for one in reversed(happenings) if one.evaluations or keep_all}
    written = write([kept[key] for key in sorted(kept)], using) if kept else {}
    results = [
        written.pop(one.emission.key, DUPLICATE) if one.evaluations or keep_all else UNMATCHED for one in happenings
    ]
    if occurrences_emitted.receivers:
        _announce(taken, results, perf_counter() - begun, using)
    return results


def _announce(taken: Sequence[CheckedEmission], results: Sequence[Emitted], duration: float, using: str) -> None:
    pairs = [(one.document["type"], result) for one, result in zip(taken, results, strict=True)]

    def send() -> None:
        occurrences_emitted.send_robust(Occurrence, results=pairs, duration=duration, using=using)

    transaction.on_commit(send, using=using, robust=True)


async def aemit(
    type: str,  # noqa: A002
    data: Mapping[str, Any],
    *,
    source: str,
    id: str | None = None,  # noqa: A002
    subject: str = "",
    occurred: datetime | None = None,
    using: str | None = None,
    record: bool | None = None,
) -> Emitted:
    """Do as `emit` from asynchronous code: in the thread, and so on the connection, of synchronous code."""
    return await sync_to_async(emit, thread_sensitive=True)(
        type, data, source=source, id=id, subject=subject, occurred=occurred, using=using, record=record
    )
