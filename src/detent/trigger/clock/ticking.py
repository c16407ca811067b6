"""What a clock rule has to tell: the slots since its last tick, under whichever revision was in force."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from detent.schedules import InvalidSchedule, Slots, Tick
from detent.trigger.document import time_text
from detent.trigger.models import ClockSchedule, TriggerRule
from detent.trigger.occurrences.emission import Emission
from detent.trigger.types.clock import MOST_MADE_UP, SOURCE, ClockConfiguration

logger = logging.getLogger("detent.trigger")


@dataclass(frozen=True)
class Ticking:
    """A clock rule whose time has come.

    Attributes:
        schedule: Its row, moved on to the next slot, unsaved.
        ticks: The ticks that it gets.
        configuration: What it says; None: it cannot tick.
    """

    schedule: ClockSchedule
    ticks: list[Tick]
    configuration: ClockConfiguration | None

    @classmethod
    def at(cls, now: datetime, schedule: ClockSchedule, configuration: ClockConfiguration) -> "Ticking":
        """Find the ticks of a rule.

        Args:
            now: The present, by the database's clock.
            schedule: The row.
            configuration: What the revision in force says.
        """
        owed = _owed(now, schedule, configuration)
        ticks = configuration.misfire.ticks(owed, now=now, tolerance=configuration.tolerance)
        if missed := owed.total - len(ticks):
            logger.info("Clock rule %s: %s slots up to %s have no tick of their own", schedule.rule_id, missed, now)
        if ticks:
            schedule.told = ticks[-1].slot
        schedule.due = _next(now, schedule, configuration)
        return cls(schedule, ticks, configuration)

    @classmethod
    def without(cls, schedule: ClockSchedule) -> "Ticking":
        """Let a rule that is no longer in force, or cannot be compiled, wait until the rules change."""
        schedule.due = None
        return cls(schedule, [], None)

    def emissions(self) -> list[Emission]:
        """Return the ticks as `emit_many` takes them; each has an id of its own, so it happens once whoever ticks."""
        configuration = self.configuration
        if configuration is None:
            return []
        return [
            Emission(
                type=configuration.event_type,
                data={"slot": time_text(slot), "missed": missed, "misfire": configuration.misfire.value},
                source=SOURCE,
                id=f"{self.schedule.lineage}:{slot.astimezone(UTC).isoformat()}",
                subject=str(self.schedule.lineage),
                occurred=slot,
            )
            for slot, missed in self.ticks
        ]


def _next(now: datetime, schedule: ClockSchedule, configuration: ClockConfiguration) -> datetime | None:
    try:
        return configuration.next_after(now, schedule.start)
    except InvalidSchedule as error:
        logger.warning("Clock rule %s has ticked for the last time: %s", schedule.rule_id, error)
        return None


def _owed(now: datetime, schedule: ClockSchedule, configuration: ClockConfiguration) -> Slots:
    if schedule.told >= schedule.revised:
        return configuration.slots(schedule.told, now, schedule.start)
    return Slots.joined(_owed_by_revisions(now, schedule), MOST_MADE_UP)


def _owed_by_revisions(now: datetime, schedule: ClockSchedule) -> Iterator[Slots]:
    """Yield the slots that passed under each revision: each holds until the next one is created."""
    rules = TriggerRule.objects.using(schedule._state.db).filter(lineage=schedule.lineage)
    revisions = list(rules.order_by("created", "pk"))
    ends = [*(revision.created for revision in revisions[1:]), now]
    for revision, end in zip(revisions, ends, strict=True):
        begin = max(schedule.told, revision.created)
        if begin < end and (configuration := _readable(revision)):
            yield configuration.slots(begin, end, schedule.start)


def _readable(revision: TriggerRule) -> ClockConfiguration | None:
    try:
        configuration = revision.get_configuration()
    except ValueError as error:
        logger.warning("What clock rule %s has missed cannot be told: %r", revision.pk, error)
        return None
    return configuration if isinstance(configuration, ClockConfiguration) else None
