"""What an operator does with a rule: pause, resume, archive, hold its deliveries back and let them go on."""

from typing import Any

from django.db import DEFAULT_DB_ALIAS

from detent.trigger.admin.acts import Act
from detent.trigger.delivery import operators
from detent.trigger.models import Lane, TriggerRule


def _pause(rule: TriggerRule, user: Any) -> str:
    return "It is paused: nothing triggers it." if rule.pause(by=user) else "It was paused already."


def _resume(rule: TriggerRule, user: Any) -> str:
    return "It is in force again." if rule.resume(by=user) else "It was in force already."


def _archive(rule: TriggerRule, user: Any) -> str:
    rule.archive(by=user)
    return "It is archived."


def _hold(rule: TriggerRule, user: Any) -> str:
    held = operators.pause(rule.lineage, using=_using(rule), by=user)
    return f"Its deliveries are held back; {held} of them waited."


def _let_flow(rule: TriggerRule, user: Any) -> str:
    operators.resume(rule.lineage, using=_using(rule), by=user)
    return "Its deliveries go on."


def _using(rule: TriggerRule) -> str:
    return rule._state.db or DEFAULT_DB_ALIAS


def _is_held(rule: TriggerRule) -> bool:
    return Lane._base_manager.using(_using(rule)).filter(lineage=rule.lineage, state="paused").exists()


def _offered(*, when: bool) -> str | None:
    return "" if when else None


PAUSE = Act("pause", "Pause", _pause, lambda rule: _offered(when=rule.archived is None and rule.is_active))
RESUME = Act("resume", "Resume", _resume, lambda rule: _offered(when=rule.archived is None and not rule.is_active))
HOLD = Act("hold", "Hold its deliveries back", _hold, lambda rule: _offered(when=not _is_held(rule)))
LET_FLOW = Act("flow", "Let its deliveries go on", _let_flow, lambda rule: _offered(when=_is_held(rule)))
ARCHIVE = Act(
    "archive",
    "Archive",
    _archive,
    lambda rule: _offered(when=rule.archived is None),
    question="Nothing triggers it any more, for good. What it was triggered for before is still done.",
)
ACTS = (PAUSE, RESUME, HOLD, LET_FLOW, ARCHIVE)
