"""Ticking: a tick is an occurrence whose id is the rule's lineage and the slot, so it happens once whoever ticks."""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple, cast

from django.db import DatabaseError, models, transaction

from detent.trigger.clock.schedules import keep_schedules
from detent.trigger.clock.ticking import Ticking
from detent.trigger.delivery.database_clock import database_now
from detent.trigger.models import ClockSchedule
from detent.trigger.occurrences.emitting import emit_many
from detent.trigger.ruleset import CompiledRule, ask_again, current_ruleset
from detent.trigger.types.clock import ClockConfiguration

logger = logging.getLogger("detent.worker")

RULES_AT_ONCE = 100
TICKS_AT_ONCE = 1000
"""With how many ticks a transaction takes no further rule; the next one does."""


class Ticked(NamedTuple):
    """What came of a transaction.

    Attributes:
        emitted: How many ticks.
        may_be_more: Whether rules may be due that it did not take.
    """

    emitted: int
    may_be_more: bool


def tick(using: str) -> int:
    """Emit the ticks of the clock rules that are due, as the policy of each says.

    Args:
        using: The database alias.

    Returns:
        How many ticks were emitted.
    """
    keep_schedules(using)
    now, total = database_now(using), 0
    is_due = _due(using, now).exists()
    while is_due:
        emitted, is_due = _tick_or_sort_out(using, now)
        total += emitted
    return total


def _due(using: str, now: datetime) -> models.QuerySet[ClockSchedule]:
    return ClockSchedule.objects.using(using).filter(due__lte=now).order_by("due", "pk")


def _tick_or_sort_out(using: str, now: datetime) -> Ticked:
    """Tick; where that fails, let each rule tick alone, so that the one at fault stops neither others nor worker."""
    try:
        return _tick(_due(using, now)[:RULES_AT_ONCE], now)
    except DatabaseError:
        raise
    except Exception:  # noqa: BLE001 - what a rule says may raise anything; where one ticks alone, it is logged
        keys = list(_due(using, now).values_list("pk", flat=True)[:RULES_AT_ONCE])
        return Ticked(sum(_tick_or_park(using, now, key) for key in keys), may_be_more=len(keys) == RULES_AT_ONCE)


def _tick_or_park(using: str, now: datetime, key: int) -> int:
    """Tick one rule; one that cannot waits for the rules to change."""
    try:
        return _tick(_due(using, now).filter(pk=key), now).emitted
    except DatabaseError:
        raise
    except Exception:
        extra = {"schedule_id": key, "using": using}
        logger.exception("The clock rule of schedule %s cannot tick; revise or archive it.", key, extra=extra)
        ClockSchedule.objects.using(using).filter(pk=key).update(due=None)
        return 0


def _tick(due: models.QuerySet[ClockSchedule], now: datetime) -> Ticked:
    """Tick some rules in one transaction; those that another worker has taken are left to it."""
    using = due.db
    with transaction.atomic(using=using):
        schedules = list(due.select_for_update(skip_locked=True))
        compiled = _compiled(using, schedules)
        tickings = list(_tickings(schedules, compiled, now))
        emitted = emit_many([one for ticking in tickings for one in ticking.emissions()], using=using)
        ClockSchedule.objects.using(using).bulk_update([each.schedule for each in tickings], ["told", "due"])
    is_full = len(schedules) == RULES_AT_ONCE or len(tickings) < len(schedules)
    return Ticked(sum(one.occurrence is not None for one in emitted), may_be_more=is_full)


def _compiled(using: str, schedules: Iterable[ClockSchedule]) -> dict[int, CompiledRule]:
    """Return the rules as `emit` has them; a rule made a moment ago must not meet a snapshot that lacks it."""
    if not {schedule.rule_id for schedule in schedules} <= current_ruleset(using).rules.keys():
        ask_again(using)
    return current_ruleset(using).rules


def _tickings(
    schedules: Iterable[ClockSchedule], compiled: dict[int, CompiledRule], now: datetime
) -> Iterator[Ticking]:
    """Yield what each rule has to tell, until it is enough for one transaction."""
    ticks = 0
    for schedule in schedules:
        if schedule.rule_id in compiled:
            configuration = cast("ClockConfiguration", compiled[schedule.rule_id].configuration)
            yield (ticking := Ticking.at(now, schedule, configuration))
            ticks += len(ticking.ticks)
        else:
            yield Ticking.without(schedule)
        if ticks >= TICKS_AT_ONCE:
            return
