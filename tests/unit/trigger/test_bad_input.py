"""Whatever a configuration is, it is taken, or refused with the path and the reason."""

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.trigger import InvalidTriggerRule, get_trigger_rule_handler

VALID: dict[str, dict[str, Any]] = {
    "EVENT": {
        "version": "1.0",
        "pattern": {"type": ["order.paid"], "data": {"total": [{"numeric": [">", 50]}]}},
        "actions": [{"action": "transition", "input": {"pk": "${data.order}"}}],
        "delivery": {
            "attempts": 8,
            "priority": 0,
            "order_by": "${subject}",
            "concurrency": 4,
            "time_limit": "PT5M",
            "circuit_breaker": {"failures": 5, "open_for": "PT1M"},
        },
    },
    "TRANSITION": {"version": "1.0", "model": "shop.order", "to": ["paid", "shipped"], "delivery": {"attempts": 1}},
    "CLOCK": {"version": "1.0", "event_type": "METRICS", "schedule": "PT1H"},
    "INGEST": {
        "version": "1.1",
        "condition": {"media_type": "text/plain", "data_types": ["a"], "not_data_types": ["b"]},
        "data": {"input_data_name": "file", "workspace_name": "raw"},
    },
    "PARSE": {"data": {"input_data_name": "file", "workspace_name": "raw"}, "actions": []},
}
EVENT = VALID["EVENT"]


def configure(rule_type: str, configuration: Any) -> dict[str, Any]:
    """Return what a configuration becomes."""
    return get_trigger_rule_handler(rule_type).create_configuration(configuration).get_dict()


def with_(configuration: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """Return a configuration with another value at a path."""
    changed = deepcopy(configuration)
    *outer, last = path.split(".")
    place: Any = changed
    for part in outer:
        place = place[int(part) if isinstance(place, list) else part]
    place[int(last) if isinstance(place, list) else last] = value
    return changed


def nested(levels: int) -> dict[str, Any]:
    """Return an object in an object in an object."""
    inner: dict[str, Any] = {}
    for _ in range(levels):
        inner = {"a": inner}
    return inner


def holding_itself() -> dict[str, Any]:
    """Return what no JSON can be."""
    loop: dict[str, Any] = {}
    loop["a"] = loop
    return loop


def refusal(rule_type: str, configuration: Any) -> InvalidTriggerRule:
    """Return the error of a configuration that is refused."""
    with pytest.raises(InvalidTriggerRule) as caught:
        configure(rule_type, configuration)
    assert caught.value.reason
    assert len(str(caught.value)) < 1000
    return caught.value


@pytest.mark.parametrize("rule_type", VALID)
@pytest.mark.parametrize("configuration", [None, True, 5, "{}", [], [("version", "1.0")], b"{}", datetime.now(UTC)])
def test_a_configuration_is_an_object(rule_type: str, configuration: Any) -> None:
    """Its text is none."""
    assert refusal(rule_type, configuration).reason.startswith("A configuration must be an object, not ")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("version", "9.9"),
        ("version", 1.0),
        ("version", None),
        ("pattern", []),
        ("pattern.type", "order.paid"),
        ("pattern.data.total.0.numeric", [">", True]),
        ("actions", {}),
        ("actions.0", "transition"),
        ("actions.0.action", ""),
        ("actions.0.action", 5),
        ("actions.0.input", []),
        ("actions.0.inputs", {}),
        ("delivery", []),
        ("delivery.attempts", 0),
        ("delivery.attempts", True),
        ("delivery.attempts", 2.0),
        ("delivery.attempts", "8"),
        pytest.param("delivery.attempts", 10**400, id="400 digits"),
        ("delivery.priority", 40_000),
        ("delivery.priority", False),
        ("delivery.concurrency", 0),
        ("delivery.concurrency", 1.5),
        ("delivery.concurrency", True),
        ("delivery.order_by", ""),
        ("delivery.order_by", 17),
        ("delivery.order_by", "customer"),
        ("delivery.order_by", "${data.}"),
        ("delivery.order_by", "${data.customer"),
        ("delivery.on_dead", "wait"),
        ("delivery.time_limit", 300),
        ("delivery.time_limit", "5 minutes"),
        ("delivery.time_limit", "PT0S"),
        ("delivery.time_limit", "-PT5M"),
        ("delivery.time_limit", "P2D"),
        ("delivery.circuit_breaker", 5),
        ("delivery.circuit_breaker", {}),
        ("delivery.circuit_breaker", {"failures": 5}),
        ("delivery.circuit_breaker.failures", 0),
        ("delivery.circuit_breaker.failures", -1),
        ("delivery.circuit_breaker.failures", 1.5),
        ("delivery.circuit_breaker.failures", True),
        ("delivery.circuit_breaker.failures", "5"),
        ("delivery.circuit_breaker.failures", 10**9),
        ("delivery.circuit_breaker.open_for", 60),
        ("delivery.circuit_breaker.open_for", "PT0S"),
        ("delivery.circuit_breaker.open_for", "-PT1M"),
        ("delivery.circuit_breaker.open_for", "P31D"),
        ("delivery.circuit_breaker.half_open", 1),
        ("delivery.order-by", "${subject}"),
        ("patern", {"type": ["a"]}),
        ("pattern.type.0", "a\0b"),
        ("pattern.type.0", "a\ud800"),
        ("pattern.data.total.0", float("nan")),
        ("pattern.data.total.0", datetime(2026, 1, 1)),  # noqa: DTZ001 - that it is naive is what is wrong
        ("pattern.data.total.0", {1, 2}),
        pytest.param("pattern.data.total.0", 10**5000, id="5000 digits"),
        ("pattern.data.total.0", Decimal("Infinity")),
    ],
)
def test_what_is_wrong_in_it_is_named_by_its_path(path: str, value: object) -> None:
    """Be it a key, a type, a range or a value that no database stores."""
    named = refusal("EVENT", with_(EVENT, path, value)).path
    assert named == path or path.startswith(f"{named}.") or named.startswith(f"{path}.")
    assert named


@pytest.mark.parametrize(
    ("written", "meant"),
    [("patern", "pattern"), ("Version", "version"), ("action", "actions"), ("deliverys", "delivery")],
)
def test_a_key_that_is_mistyped_is_named_with_the_one_that_was_meant(written: str, meant: str) -> None:
    """Though the one that was meant is missing now."""
    mistyped = {(written if key == meant else key): value for key, value in EVENT.items()}
    error = refusal("EVENT", mistyped)
    assert error.path == written
    assert f"the nearest is {meant!r}" in error.reason


@pytest.mark.parametrize("deep", [nested(250), nested(5000), {"data": [nested(250)]}, holding_itself()])
def test_what_is_nested_too_deeply_is_refused(deep: dict[str, Any]) -> None:
    """Before anything walks through it."""
    assert "nested more than 200 levels deep" in refusal("EVENT", {**EVENT, "pattern": deep}).reason


def test_a_configuration_has_a_largest_size() -> None:
    """As every process that emits keeps all of them."""
    huge = {**EVENT, "actions": [{"action": "transition", "input": {"pk": "x" * 300_000}}]}
    assert refusal("EVENT", huge).reason.startswith("A configuration may be 262144 bytes of JSON, not 300")


def test_what_python_has_and_json_has_not_is_stored_as_json() -> None:
    """A Decimal as a number, a date-time with its zone as text, a tuple as an array."""
    stored = configure("EVENT", {"version": "1.0", "pattern": {"type": ("a",), "data": {"at": [datetime.now(UTC)]}}})
    assert json.loads(json.dumps(stored)) == stored


@pytest.mark.parametrize("rule_type", VALID)
def test_the_callers_dict_stays_as_it_is(rule_type: str) -> None:
    """Whatever is normalised, filled in or converted."""
    given = deepcopy(VALID[rule_type])
    configure(rule_type, given)
    assert given == VALID[rule_type]


texts = st.text(max_size=5) | st.sampled_from(["1.0", "1.1", "PT1H", "a\0", "\ud800", "${subject}", "${", "paid"])
numbers = st.integers() | st.floats() | st.booleans() | st.just(10**400) | st.decimals()
moments = st.datetimes() | st.datetimes(timezones=st.just(UTC))
anything = st.recursive(
    st.none() | texts | numbers | moments | st.binary(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(texts | st.none() | st.integers() | st.floats(), inner, max_size=3)
    ),
    max_leaves=6,
)


def places(value: object, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path to every part of a configuration."""
    yield path
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(inner, (*path, key))


@st.composite
def spoilt(draw: st.DrawFn) -> tuple[str, Any]:
    """Make a valid configuration with one part replaced by anything, or something put beside it."""
    rule_type = draw(st.sampled_from(sorted(VALID)))
    configuration: Any = {"": deepcopy(VALID[rule_type])}
    *outer, last = ("", *draw(st.sampled_from(list(places(VALID[rule_type])))))
    place = configuration
    for part in outer:
        place = place[part]
    if isinstance(place[last], dict) and draw(st.booleans()):
        place[last][draw(texts)] = draw(anything)
    else:
        place[last] = draw(anything)
    return rule_type, configuration[""]


@given(spoilt())
def test_no_configuration_fails_otherwise(one: tuple[str, Any]) -> None:
    """It is refused as an invalid rule, or stored as JSON; and what is stored is taken, and stays as it is."""
    rule_type, configuration = one
    try:
        stored = configure(rule_type, configuration)
    except InvalidTriggerRule as error:
        complaint = error
    else:
        complaint = None
    if complaint:
        assert complaint.reason
        assert str(complaint).encode()
        return
    assert json.loads(json.dumps(stored, allow_nan=False)) == stored
    assert configure(rule_type, stored) == stored
