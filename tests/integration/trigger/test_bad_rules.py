"""A rule or an event that cannot be is refused with the place and the reason, and nothing is written."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import override_settings

from detent.trigger import InvalidTriggerRule, InvalidTriggerType, TriggerEvent, TriggerRule
from detent.trigger.configuration.trigger_rule import TriggerRuleConfiguration
from detent.trigger.errors import InvalidTriggerEvent
from detent.trigger.handler import get_trigger_rule_handler
from detent.trigger.models import Ruleset
from tests.integration.trigger.factories import make_rule

pytestmark = pytest.mark.django_db
WHEN = datetime(2026, 11, 22, 10, tzinfo=UTC)
PAID: dict[str, Any] = {"version": "1.0", "pattern": {"type": ["order.paid"]}}


def paid() -> TriggerRuleConfiguration:
    """Return a configuration that is valid."""
    return get_trigger_rule_handler("EVENT").create_configuration(PAID)


def refusal(rule_type: str, configuration: Any, name: Any = "") -> InvalidTriggerRule:
    """Return the error of a rule that is refused, of which nothing was written."""
    token = Ruleset.objects.token("default")
    with pytest.raises(InvalidTriggerRule) as caught:
        make_rule(rule_type, configuration, name)
    assert not TriggerRule.objects.exists()
    assert Ruleset.objects.token("default") == token
    return caught.value


@pytest.mark.parametrize("rule_type", ["NOBODY", "event", "EVENT ", "", None, 5, [], "E\0", "E" * 51])
def test_an_unknown_type_is_refused(rule_type: Any) -> None:
    """The error has the type."""
    with pytest.raises(InvalidTriggerType) as caught:
        make_rule(rule_type, PAID)
    assert caught.value.type == rule_type
    assert not TriggerRule.objects.exists()


@pytest.mark.parametrize("name", ["n" * 51, "a\0b", "a\ud800", 5, ["orders"], True])
def test_a_name_that_cannot_be_stored_is_refused(name: Any) -> None:
    """It is text, of at most 50 characters, on every database."""
    assert refusal("EVENT", PAID, name).path == "name"


@pytest.mark.parametrize("rule_type", ["E" * 51, "a\0", 5, ["EVENT"]])
def test_a_type_that_cannot_be_stored_is_refused(rule_type: Any) -> None:
    """By the manager, which does not ask for its handler."""
    with pytest.raises(InvalidTriggerRule) as caught:
        TriggerRule.objects.create_trigger_rule(rule_type, paid())
    assert caught.value.path == "type"
    assert not TriggerRule.objects.exists()


@pytest.mark.parametrize("configuration", [PAID, "{}", 5, TriggerRuleConfiguration])
def test_the_manager_takes_a_configuration_that_a_handler_made(configuration: Any) -> None:
    """A dict is what a handler takes."""
    with pytest.raises(InvalidTriggerRule) as caught:
        TriggerRule.objects.create_trigger_rule("EVENT", configuration)
    assert caught.value.path == "configuration"
    assert not TriggerRule.objects.exists()


@pytest.mark.parametrize(
    ("parts", "path", "meant"),
    [
        ({"model": "shop.ordr"}, "model", "shop.order"),
        ({"model": ["shop.order", "shop.parcl"]}, "model.1", "shop.parcel"),
        ({"model": "auth.user"}, "model", None),
        ({"model": "shop"}, "model", None),
        ({"workflow": "OrderWorkflw"}, "workflow", "OrderWorkflow"),
        ({"model": "shop.order", "workflow": "ParcelWorkflow"}, "workflow", "OrderWorkflow"),
        ({"transition": "plaec"}, "transition", "place"),
        ({"model": "shop.order", "transition": ["place", "Pay"]}, "transition.1", "pay"),
        ({"model": "shop.order", "to": "payd"}, "to", "paid"),
        ({"workflow": "OrderWorkflow", "from": ["draft", "plased"]}, "from.1", "placed"),
    ],
)
def test_a_transition_rule_names_what_exists(parts: dict[str, Any], path: str, meant: str | None) -> None:
    """Otherwise the error has the nearest name, if one is near."""
    error = refusal("TRANSITION", {"version": "1.0", **parts})
    assert error.path == path
    assert meant is None or f"the nearest is {meant!r}" in error.reason


@pytest.mark.parametrize(
    "parts",
    [{"transition": "pay", "to": "shipped"}, {"from": "draft", "to": "paid"}, {"transition": "ship", "from": "draft"}],
)
def test_a_transition_rule_that_no_transition_can_meet_is_refused(parts: dict[str, Any]) -> None:
    """Though each of its names exists."""
    assert "the rule is never met" in refusal("TRANSITION", {"version": "1.0", "model": "shop.order", **parts}).reason


def action_refused(action: str, **settings: Any) -> InvalidTriggerRule:
    """Return the error of a rule whose action is refused."""
    return refusal("EVENT", {**PAID, "actions": [{"action": action, "input": settings}]})


@pytest.mark.parametrize(
    ("settings", "path", "meant"),
    [
        ({"model": "shop.oder", "transition": "pay"}, "model", "shop.order"),
        ({"model": "auth.user", "transition": "pay"}, "model", None),
        ({"model": "shop.order", "transition": "pays"}, "transition", "pay"),
        ({"model": "shop.order", "transition": "save"}, "transition", None),
        ({"model": "${data.model}", "transition": "plcae"}, "transition", "place"),
    ],
)
def test_the_action_transition_names_what_exists(settings: dict[str, Any], path: str, meant: str | None) -> None:
    """As far as no template gives it."""
    error = action_refused("transition", pk="${data.order}", **settings)
    assert error.path == f"actions.0.input.{path}"
    assert meant is None or f"the nearest is {meant!r}" in error.reason


def test_names_that_a_template_gives_are_not_looked_at() -> None:
    """Nobody knows them yet."""
    moved = {"model": "${data.model}", "pk": 1, "transition": "${data.how}"}
    made = {"model": "${data.model}", "values": {"anything": 1}}
    actions = [{"action": "transition", "input": moved}, {"action": "create", "input": made}]
    assert make_rule("EVENT", {**PAID, "actions": actions}).pk


@override_settings(DETENT={"CREATABLE_MODELS": ["shop.order", "shop.Gone"]})
@pytest.mark.parametrize(
    ("model", "values", "path", "meant"),
    [
        ("shop.ordre", {}, "model", "shop.order"),
        ("auth.user", {}, "model", None),
        ("shop.gone", {}, "model", None),
        ("shop.Order", {"customr": "C7"}, "values.customr", "customer"),
        ("shop.order", {"customer": "C7", "state": "payd"}, "values.state", "paid"),
    ],
)
def test_the_action_create_names_what_exists(model: str, values: dict[str, Any], path: str, meant: str | None) -> None:
    """A model that rules may make, its fields, the states of its workflow."""
    error = action_refused("create", model=model, values=values)
    assert error.path == f"actions.0.input.{path}"
    assert meant is None or f"the nearest is {meant!r}" in error.reason


@override_settings(DETENT={"CREATABLE_MODELS": ["shop.order"]})
def test_what_exists_is_taken() -> None:
    """A field by its name or its column; a state that a template gives."""
    values = {"customer": "C7", "total": 5, "state": "${data.state}"}
    assert make_rule(
        "EVENT", {**PAID, "actions": [{"action": "create", "input": {"model": "shop.Order", "values": values}}]}
    )


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("t" * 51, None, {}, WHEN), "type"),
        (("a\0b", None, {}, WHEN), "type"),
        ((5, None, {}, WHEN), "type"),
        (("USER", None, {"a": float("nan")}, WHEN), "description"),
        (("USER", None, {"a": "\0"}, WHEN), "description"),
        (("USER", None, {"a": {1}}, WHEN), "description"),
        (("USER", None, {"at": WHEN.replace(tzinfo=None)}, WHEN), "description"),
        (("USER", None, {}, WHEN.replace(tzinfo=None)), "occurred"),
        (("USER", None, {}, "yesterday"), "occurred"),
    ],
)
def test_an_event_that_cannot_be_stored_is_refused(arguments: tuple[Any, ...], field: str) -> None:
    """On every database alike."""
    with pytest.raises(InvalidTriggerEvent) as caught:
        TriggerEvent.objects.create_trigger_event(*arguments)
    assert caught.value.field == field
    assert not TriggerEvent.objects.exists()


def test_a_description_is_reduced_to_json() -> None:
    """What is read again is what was written."""
    event = TriggerEvent.objects.create_trigger_event("USER", None, {"at": WHEN, "ids": (1, 2)}, WHEN)
    assert event.description == {"at": "2026-11-22T10:00:00+00:00", "ids": [1, 2]}
    event.refresh_from_db()
    assert event.description["ids"] == [1, 2]


def test_everything_that_is_wrong_is_told_at_once() -> None:
    """Of actions that do not need one another, and of the schema; the first is raised and carries the others."""
    with pytest.raises(InvalidTriggerRule) as caught:
        make_rule(
            "EVENT", {**PAID, "actions": [{"action": "none"}, {"action": "emit"}, {"action": "emit", "input": 5}]}
        )
    assert [error.path for error in caught.value.all] == ["actions.2.input"]
    with pytest.raises(InvalidTriggerRule) as caught:
        make_rule("EVENT", {**PAID, "actions": [{"action": "none"}, {"action": "emit"}]})
    assert [error.path for error in caught.value.all] == ["actions.0", "actions.1"]
    with pytest.raises(InvalidTriggerRule) as caught:
        make_rule("EVENT", {"version": "1.0", "pattern": 5, "actions": 5, "delivery": {"attempts": "many"}})
    assert [error.path for error in caught.value.all] == ["pattern", "actions", "delivery.attempts"]
