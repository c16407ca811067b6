"""Rules for the tests of the trigger floor."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from detent.trigger import Delivery, Emitted, Occurrence, TriggerRule, get_trigger_rule_handler
from detent.trigger.actions import actions
from detent.trigger.configuration.trigger_rule import TriggerRuleConfiguration
from detent.trigger.handler import TRIGGER_RULE_HANDLERS, TriggerRuleHandler, register_trigger_rule_handler


def make_rule(rule_type: str, configuration: dict[str, Any], name: str = "", **options: Any) -> TriggerRule:
    """Make a rule of any type through its handler."""
    return get_trigger_rule_handler(rule_type).create_trigger_rule(configuration, name, **options)


def stored_rule(rule_type: str, configuration: dict[str, Any], name: str = "") -> TriggerRule:
    """Store a rule that nobody validates, as a fixture does, or a release whose rule types were others."""
    rule = TriggerRule(type=rule_type, configuration=configuration, name=name)
    rule.store()
    return rule


def event_rule(*types: str, name: str = "", actions: list[dict[str, Any]] | None = None, **parts: Any) -> TriggerRule:
    """Make an EVENT rule for occurrences of some types; `order.paid` if none is given."""
    pattern = {"type": list(types or ("order.paid",)), **parts.pop("pattern", {})}
    configuration = {"version": "1.0", "pattern": pattern, "actions": actions or [], **parts}
    return make_rule("EVENT", configuration, name)


def taken_in(emitted: Emitted) -> Occurrence:
    """Return the occurrence of an emission that was taken in."""
    assert emitted.occurrence is not None
    return emitted.occurrence


@contextmanager
def note_action() -> Iterator[dict[str, Any]]:
    """Have an action `test.note` with one setting `order`, and give what a rule writes to ask for it."""

    def note(delivery: Delivery, *, order: int) -> None:
        """Do nothing."""

    with actions.registered("test.note", note):
        yield {"action": "test.note", "input": {"order": "${data.order}"}}


@contextmanager
def rule_type(name: str, configuration: type[TriggerRuleConfiguration]) -> Iterator[None]:
    """Have a rule type for the length of a `with` block."""

    class Handler(TriggerRuleHandler):
        def create_configuration(self, config_dict: dict[str, Any]) -> TriggerRuleConfiguration:
            return configuration(self.trigger_rule_type, config_dict)

    register_trigger_rule_handler(Handler(name))
    try:
        yield
    finally:
        del TRIGGER_RULE_HANDLERS[name]


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements that run inside, but for those that begin and end transactions."""
    collected: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield collected
    control = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
    collected += [query["sql"] for query in captured if not query["sql"].startswith(control)]


def roll_something_back() -> None:
    """Roll back to a savepoint, after which a transaction asks for the ruleset's token again, as a new one does."""
    with transaction.atomic():
        transaction.set_rollback(True)
