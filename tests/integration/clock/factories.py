"""Clock rules, and what they have told."""

from typing import Any, NamedTuple

from detent.trigger.models import Occurrence, TriggerRule
from tests.integration.trigger.factories import make_rule


class Told(NamedTuple):
    """A tick, in short."""

    slot: str
    missed: int


def clock_rule(schedule: str = "PT1H", *, name: str = "", **parts: Any) -> TriggerRule:
    """Make a CLOCK rule: of a period, or with `cron=` of an expression in UTC."""
    if "cron" in parts:
        parts = {"timezone": "UTC", **parts}
    else:
        parts["schedule"] = schedule
    return make_rule("CLOCK", {"version": "1.1", "event_type": "METRICS", **parts}, name)


def told(rule: TriggerRule, form: str = "%H:%M") -> list[Told]:
    """Return what a rule, with its revisions, has told so far: slots as texts, and how many each says were missed."""
    ticks = Occurrence.objects.filter(source="clock", subject=str(rule.lineage)).order_by("time")
    return [Told(tick.time.strftime(form), tick.data["missed"]) for tick in ticks]
