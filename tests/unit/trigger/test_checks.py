"""System checks of the trigger floor."""

import pytest
from django.core.checks.registry import registry
from django.test import override_settings

from detent.trigger import register_trigger_rule_handler
from detent.trigger.checks import check_handlers, check_settings
from detent.trigger.handler import TRIGGER_RULE_HANDLERS, TriggerRuleHandler
from detent.trigger.types import EventHandler, register_types


class OtherHandler(EventHandler):
    """The handler of another app."""

    def __init__(self, rule_type: str) -> None:
        super().__init__()
        self.trigger_rule_type = rule_type


@pytest.fixture
def registry_of_handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the handlers as they are."""
    for rule_type, handler in TRIGGER_RULE_HANDLERS.items():
        monkeypatch.setitem(TRIGGER_RULE_HANDLERS, rule_type, handler)
    monkeypatch.setitem(TRIGGER_RULE_HANDLERS, "STOCK", None)
    del TRIGGER_RULE_HANDLERS["STOCK"]


def register(rule_type: str) -> TriggerRuleHandler:
    """Register another handler."""
    handler = OtherHandler(rule_type)
    register_trigger_rule_handler(handler)
    return handler


@override_settings(DETENT={"RULE_MAX_AGE": 1, "ATTEMPTS": 0, "LEASE": None})
def test_settings_that_cannot_be_used_are_reported() -> None:
    """Each of them, before anything runs."""
    errors = check_settings(None)
    assert [error.id for error in errors] == ["detent.E201"] * 3
    assert "RULE_MAX_AGE" in errors[0].msg


def test_settings_that_are_right_are_not() -> None:
    """Nor is a project without any."""
    assert check_settings(None) == []


def test_the_checks_run_with_djangos() -> None:
    """The app registers them."""
    registered: list[object] = [*registry.get_checks()]
    assert check_settings in registered
    assert check_handlers in registered


@pytest.mark.usefixtures("registry_of_handlers")
def test_a_type_that_two_apps_handle_is_reported() -> None:
    """With both classes; the later one serves."""
    register("STOCK")
    later = register("STOCK")
    (warning,) = check_handlers(None)
    assert TRIGGER_RULE_HANDLERS["STOCK"] is later
    assert (warning.id, warning.obj, warning.is_serious()) == ("detent.W202", "STOCK", False)
    assert warning.msg.count("test_checks.OtherHandler") == 2
    assert "STOCK" in warning.msg


@pytest.mark.usefixtures("registry_of_handlers")
def test_one_that_is_registered_again_is_not() -> None:
    """As when an app is set up twice."""
    register_trigger_rule_handler(register("STOCK"))
    assert check_handlers(None) == []


@pytest.mark.usefixtures("registry_of_handlers")
def test_a_handler_in_the_place_of_detents_own_is_not_reported() -> None:
    """It is how a project says what its INGEST rules do; whichever of the two apps is set up first."""
    own = register("INGEST")
    register_types()
    assert check_handlers(None) == []
    assert TRIGGER_RULE_HANDLERS["INGEST"] is own
