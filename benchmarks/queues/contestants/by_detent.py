"""Detent: a rule for each kind of event, with one action; what an action came to is on its delivery."""

import work
from django.core.management import call_command

from detent.trigger import Delivery, TriggerRule, action, emit

TABLES = ("trigger_attempt", "trigger_delivery", "trigger_event", "trigger_occurrence")


@action("benchmark.nothing", atomic=False)
def nothing(delivery: Delivery, *, number: int) -> None:
    """Do nothing."""


@action("benchmark.insert")
def insert(delivery: Delivery, *, number: int) -> None:
    """Insert a row."""
    work.insert(number)


def prepare() -> None:
    """Make the tables and the rules."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    for kind in (work.NOTHING, work.INSERT):
        asked_for = [{"action": f"benchmark.{kind}", "input": {"number": "${data.number}"}}]
        configuration = {"version": "1.0", "pattern": {"type": [kind]}, "actions": asked_for}
        TriggerRule.objects.create(type="EVENT", configuration=configuration)


def enqueue(kind: str, number: int) -> None:
    """Say what happened, for which a rule has an action run."""
    emit(kind, {"number": number}, source="shop")


def done() -> int:
    """Count what is done."""
    return Delivery.objects.filter(state="done").count()
