"""EVENT and TRANSITION configurations: what they take, and the pattern that they stand for."""

from typing import Any

import pytest

from detent.trigger import InvalidTriggerRule, get_trigger_rule_handler


def pattern_of(rule_type: str, configuration: dict[str, Any]) -> dict[str, Any] | None:
    """Return the pattern of a configuration."""
    return get_trigger_rule_handler(rule_type).create_configuration(configuration).pattern()


def test_an_event_rule_says_its_pattern() -> None:
    """As it is."""
    assert pattern_of("EVENT", {"version": "1.0", "pattern": {"type": ["a"]}}) == {"type": ["a"]}


def test_a_transition_rule_is_shorthand_for_a_pattern() -> None:
    """Names are plain texts there, even one that looks like an address; a model's in small letters."""
    configuration = {"version": "1.0", "model": "shop.Order", "to": ["paid", "10.0.0.1"]}
    assert pattern_of("TRANSITION", configuration) == {
        "type": ["detent.transition"],
        "data": {"model": [{"exactly": "shop.order"}], "to": [{"exactly": "paid"}, {"exactly": "10.0.0.1"}]},
    }
    assert pattern_of("TRANSITION", {"version": "1.0"}) == {"type": ["detent.transition"]}


def test_a_configuration_that_is_nested_too_deep_is_refused() -> None:
    """It could be stored, but not be walked through by a worker whose own stack is deep."""
    nested: dict[str, Any] = {}
    for _ in range(250):
        nested = {"a": nested}
    with pytest.raises(InvalidTriggerRule, match="nested more than 200 levels deep"):
        pattern_of("EVENT", {"version": "1.0", "pattern": {"type": ["a"]}, "actions": [nested]})


@pytest.mark.parametrize(
    ("rule_type", "configuration", "path"),
    [
        ("EVENT", {}, ""),
        ("EVENT", {"version": "1.0", "pattern": []}, "pattern"),
        ("EVENT", {"version": "2.0", "pattern": {"type": ["a"]}}, "version"),
        ("EVENT", {"version": "1.0", "pattern": {"type": []}}, "pattern.type"),
        ("EVENT", {"version": "1.0", "pattern": {"type": ["a"]}, "throttled": {}}, "throttled"),
        ("EVENT", {"version": "1.0", "pattern": {"type": ["a\0"]}}, "pattern.type.0"),
        ("EVENT", [], ""),
        ("TRANSITION", {"version": "1.0", "to": []}, "to"),
        ("TRANSITION", {"version": "1.0", "state": "paid"}, "state"),
    ],
)
def test_what_is_wrong_is_named(rule_type: str, configuration: Any, path: str) -> None:
    """The error has the path to it."""
    with pytest.raises(InvalidTriggerRule) as caught:
        get_trigger_rule_handler(rule_type).create_configuration(configuration)
    assert caught.value.path == path
    assert caught.value.reason
