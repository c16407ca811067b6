"""CLOCK rules: triggered again and again, at the moments that a period or a cron expression marks."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from detent.schedules import Cron, InvalidSchedule, Misfire, Period, Schedule, Slots
from detent.schedules.cron import LONGEST_TEXT, zone_named
from detent.trigger.configuration.exceptions import InvalidTriggerRule
from detent.trigger.configuration.trigger_rule import TriggerRuleConfiguration
from detent.trigger.document import Document
from detent.trigger.handler import TriggerRuleHandler

SOURCE = "clock"
"""Who says that a moment has come: the source of ticks."""

MOST_MADE_UP = 1000
"""How many ticks a rule gets at most for the slots that have passed since its last one."""

TOLERANCE = timedelta(minutes=1)
"""How late a tick may be, where a rule with the policy `skip` does not say."""

ONLY_IN_1_1 = ("cron", "timezone", "misfire", "tolerance")


class ClockConfiguration(TriggerRuleConfiguration):
    """What a CLOCK rule says.

    Version 1.0, the original's, has `event_type` and `schedule`. Version 1.1 has either `schedule`, an ISO 8601 period
    such as PT1H, or `cron` with its `timezone`; and `misfire`: what is done about slots that were missed.

    Attributes:
        event_type: The type of its ticks.
        schedule: When it ticks.
        misfire: What is done about missed slots.
        tolerance: How late a tick may be where missed slots are skipped.

    Raises:
        InvalidTriggerRule: It does not fit its schema, or says no schedule that can be kept.
    """

    schema = {
        "type": "object",
        "required": ["event_type"],
        "additionalProperties": False,
        "properties": {
            "version": {"enum": ["1.0", "1.1"]},
            "event_type": {"type": "string", "minLength": 1, "maxLength": 50},
            "schedule": {"type": "string", "minLength": 1},
            "cron": {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT},
            "timezone": {"type": "string", "minLength": 1, "maxLength": 100},
            "misfire": {"enum": [policy.value for policy in Misfire]},
            "tolerance": {"type": "string", "minLength": 1},
        },
    }

    def __init__(self, trigger_rule_type: str, config_dict: Mapping[str, Any]) -> None:
        super().__init__(trigger_rule_type, config_dict)
        self._dict.setdefault("version", "1.1")
        self._refuse_contradictions()
        self.event_type: str = self._dict["event_type"]
        self.schedule: Schedule = self._period("schedule") if "schedule" in self._dict else self._cron()
        self.misfire = Misfire(self._dict.get("misfire", Misfire.ONCE))
        self.tolerance = self._period("tolerance").duration if "tolerance" in self._dict else TOLERANCE

    def validate(self) -> None:
        """Check that the schedule has a next tick; the database is not asked.

        Raises:
            InvalidTriggerRule: It would be after the year 9999.
        """
        now = timezone.now()
        try:
            self.next_after(now, now)
        except InvalidSchedule as error:
            raise InvalidTriggerRule(error.reason, "schedule" if "schedule" in self._dict else "cron") from error

    def next_after(self, moment: datetime, start: datetime) -> datetime:
        """Return when the rule ticks next.

        Args:
            moment: Ticks up to then are past.
            start: When the rule's first revision was created; a period is counted from that day's midnight, in UTC.

        Raises:
            InvalidSchedule: There is no next tick.
        """
        return self.schedule.next_after(moment, start=start)

    def slots(self, after: datetime, until: datetime, start: datetime) -> Slots:
        """Return the slots after one moment and up to another, the newest `MOST_MADE_UP` of them; all are counted.

        Args:
            after: Slots up to then are past.
            until: The last moment that counts.
            start: As for `next_after`.
        """
        return self.schedule.slots(after, until, start=start, at_most=MOST_MADE_UP)

    def pattern(self) -> dict[str, Any]:
        """Return the pattern of its ticks, but for the rule that they are meant for."""
        return {"type": [{"exactly": self.event_type}], "source": [SOURCE]}

    def pattern_of_lineage(self, lineage: str) -> dict[str, Any]:
        """Return the pattern of its own ticks: another clock rule may have ticks of the same type."""
        return {**self.pattern(), "subject": [lineage]}

    def description(self, document: Document) -> dict[str, Any]:
        """Return what the tick says: `slot`, `missed` and `misfire`."""
        return dict(document["data"])

    def _refuse_contradictions(self) -> None:
        given = self._dict.keys()
        for key in ONLY_IN_1_1:
            if key in given and self._dict["version"] == "1.0":
                raise InvalidTriggerRule('is not in version "1.0"; write "version": "1.1"', key)
        if "schedule" in given and "cron" in given:
            raise InvalidTriggerRule("stands beside schedule; a rule has one of the two", "cron")
        if "schedule" not in given and "cron" not in given:
            raise InvalidTriggerRule('is missing; write a period such as "PT1H", or cron and timezone', "schedule")
        if "cron" in given and "timezone" not in given:
            raise InvalidTriggerRule(
                'is missing beside cron; write one such as "UTC" or "Europe/Stockholm"', "timezone"
            )
        if "timezone" in given and "cron" not in given:
            raise InvalidTriggerRule("stands without cron; a period is counted in UTC", "timezone")
        if "tolerance" in given and self._dict.get("misfire") != Misfire.SKIP:
            raise InvalidTriggerRule(
                'stands without "misfire": "skip"; no other policy asks how late it is', "tolerance"
            )

    def _period(self, key: str) -> Period:
        try:
            return Period.parse(self._dict[key])
        except InvalidSchedule as error:
            raise InvalidTriggerRule(error.reason, key) from error

    def _cron(self) -> Cron:
        key = "timezone"
        try:
            zone_named(self._dict[key])
            key = "cron"
            return Cron(self._dict[key], self._dict["timezone"])
        except InvalidSchedule as error:
            raise InvalidTriggerRule(f"{self._dict[key]!r}: {error.reason}", key) from error


class ClockHandler(TriggerRuleHandler):
    """Handles CLOCK rules."""

    has_processors = True

    def __init__(self) -> None:
        super().__init__("CLOCK")

    def create_configuration(self, config_dict: dict[str, Any]) -> ClockConfiguration:
        """Return the configuration of a CLOCK rule."""
        return ClockConfiguration(self.trigger_rule_type, config_dict)
