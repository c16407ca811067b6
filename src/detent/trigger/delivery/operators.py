"""What an operator does with deliveries: redrive, cancel, pause, resume, close. Each is a logged transition."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import QuerySet

from detent.trigger.delivery.barring import Barred, hold
from detent.trigger.delivery.dispatch import dispatcher
from detent.trigger.models import Delivery, Lane
from detent.workflow import AbortTransition, ModelTransition


@dataclass(frozen=True)
class Operated:
    """What came of an operator's act on many deliveries.

    Attributes:
        moved: The keys of those that moved or, in a dry run, would.
        refused: How many were refused, by the verdict's code.
    """

    moved: list[int] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)


def redrive(deliveries: QuerySet[Delivery], *, by: Any = None, dry_run: bool = False) -> Operated:
    """Let dead or cancelled deliveries be tried again from their first attempt.

    Args:
        deliveries: Which; each moves in a transaction of its own.
        by: The user who acts, for the log.
        dry_run: Whether to say only what would move.
    """
    operated = _operate("redrive", deliveries, by, dry_run)
    if operated.moved and not dry_run:
        using = deliveries.db
        transaction.on_commit(lambda: dispatcher().hint(operated.moved, using), using=using, robust=True)
    return operated


def cancel(deliveries: QuerySet[Delivery], *, by: Any = None, dry_run: bool = False) -> Operated:
    """Give up deliveries that wait or are dead; one that a worker holds is refused. Arguments as in `redrive`."""
    return _operate("cancel", deliveries, by, dry_run)


def pause(lineage: UUID, *, using: str = DEFAULT_DB_ALIAS, by: Any = None) -> int:
    """Let no further delivery of a rule begin, in any revision; what runs ends.

    Args:
        lineage: The rule's lineage.
        using: The database alias.
        by: The user who acts, for the log.

    Returns:
        How many deliveries are held back.

    Raises:
        InvalidTransitionError: They are paused already.
    """
    with transaction.atomic(using=using):
        _lane(lineage, using).pause.by(by)()
        return hold(using, Barred([lineage]))


def resume(lineage: UUID, *, using: str = DEFAULT_DB_ALIAS, by: Any = None) -> None:
    """Let the deliveries of a rule go on; a worker takes them up at its next look. Arguments as in `pause`.

    Raises:
        InvalidTransitionError: They are not paused.
    """
    with transaction.atomic(using=using):
        _lane(lineage, using).resume.by(by)()
        transaction.on_commit(lambda: dispatcher().hint([], using), using=using, robust=True)


def close_breaker(lineage: UUID, *, using: str = DEFAULT_DB_ALIAS, by: Any = None) -> None:
    """Close the circuit breaker of a rule before its time: what it held goes on. Arguments as in `pause`.

    Raises:
        InvalidTransitionError: It is not open.
    """
    with transaction.atomic(using=using):
        _lane(lineage, using).close.by(by)()
        transaction.on_commit(lambda: dispatcher().hint([], using), using=using, robust=True)


def _lane(lineage: UUID, using: str) -> Lane:
    """Take the row of a rule: a transition writes all of it, and a worker may be about to."""
    Lane.objects.using(using).get_or_create(lineage=lineage)
    return Lane.objects.using(using).select_for_update().get(lineage=lineage)


def _operate(act: str, deliveries: QuerySet[Delivery], by: Any, dry_run: bool) -> Operated:  # noqa: FBT001
    operated = Operated()
    for delivery in deliveries.order_by("pk"):
        code = _refusal(getattr(delivery, act).by(by), dry_run)
        if code:
            operated.refused[code] += 1
        else:
            operated.moved.append(delivery.pk)
    return operated


def _refusal(act: "ModelTransition[[], None]", dry_run: bool) -> str:  # noqa: FBT001
    """Act, or in a dry run only ask; return the code of the verdict that refused, or ""."""
    if dry_run:
        return act.explain().code
    try:
        act()
    except AbortTransition as error:
        return "aborted" if error.verdict is None else error.verdict.code
    return ""
