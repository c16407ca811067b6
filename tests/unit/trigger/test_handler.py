"""Handlers are found by the type of rule that they handle."""

from collections.abc import Iterator
from typing import Any

import pytest

from detent.trigger import InvalidTriggerType, TriggerRuleConfiguration, TriggerRuleHandler
from detent.trigger.handler import (
    TRIGGER_RULE_HANDLERS,
    get_trigger_rule_handler,
    register_trigger_rule_handler,
)


class LowStockConfiguration(TriggerRuleConfiguration):
    """The configuration of the tour."""

    schema = {"type": "object", "required": ["below"], "properties": {"below": {"type": "integer"}}}

    def validate(self) -> None:
        """Find nothing wrong."""


class LowStockHandler(TriggerRuleHandler):
    """The handler of the tour."""

    def create_configuration(self, config_dict: dict[str, Any]) -> LowStockConfiguration:
        """Make a configuration."""
        return LowStockConfiguration("LOW_STOCK", config_dict)


@pytest.fixture
def handler() -> Iterator[LowStockHandler]:
    """A handler that is registered."""
    handler = LowStockHandler("LOW_STOCK")
    register_trigger_rule_handler(handler)
    yield handler
    del TRIGGER_RULE_HANDLERS["LOW_STOCK"]


def test_a_handler_is_found_by_its_type(handler: LowStockHandler) -> None:
    """The one that was registered."""
    assert handler.trigger_rule_type == "LOW_STOCK"
    assert get_trigger_rule_handler("LOW_STOCK") is handler


def test_the_handler_registered_last_serves(handler: LowStockHandler) -> None:
    """A project may put its own in the place of another's."""
    later = LowStockHandler("LOW_STOCK")
    register_trigger_rule_handler(later)
    assert get_trigger_rule_handler("LOW_STOCK") is later


@pytest.mark.parametrize("unknown", ["NOPE", "", None, []])
def test_an_unknown_type_is_an_error_that_names_it(unknown: Any) -> None:
    """With the original's words."""
    with pytest.raises(InvalidTriggerType) as caught:
        get_trigger_rule_handler(unknown)
    assert str(caught.value) == f"{unknown} is an invalid trigger rule type"
    assert caught.value.type == unknown


@pytest.mark.parametrize("rule_type", ["EVENT", "TRANSITION", "CLOCK", "INGEST", "PARSE"])
def test_detents_own_types_are_registered(rule_type: str) -> None:
    """Once the app is loaded."""
    assert get_trigger_rule_handler(rule_type).trigger_rule_type == rule_type


def test_a_handler_must_make_configurations() -> None:
    """The base class alone handles nothing."""
    with pytest.raises(TypeError, match="create_configuration"):
        TriggerRuleHandler("NOPE")  # type: ignore[abstract]


def test_a_configuration_keeps_what_it_was_given(handler: LowStockHandler) -> None:
    """As a copy, with actions and options beside what its own schema has."""
    given = {"below": 5, "actions": [{"action": "a"}], "delivery": {"attempts": 2, "priority": -1}}
    configuration = handler.create_configuration(given)
    assert configuration.get_dict() == given
    assert configuration.get_dict() is not given
    assert configuration.actions == [{"action": "a"}]
    assert configuration.delivery_options == {"attempts": 2, "priority": -1}
    assert configuration.pattern() is None
