"""Actions by name, and holding settings to their schema."""

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from detent.trigger.actions import (
    Action,
    ActionRegisteredTwice,
    ActionRegistry,
    InvalidSettings,
    InvalidTemplate,
    UnknownAction,
    actions,
)


def remind(delivery: object, *, order: int, tone: Literal["plain", "friendly"] = "plain") -> None: ...


def notify(delivery: object) -> None: ...


@pytest.fixture
def reminder() -> Action:
    return ActionRegistry().register("shop.remind", remind, atomic=False)


def test_an_action_is_found_by_its_name(reminder: Action) -> None:
    registry = ActionRegistry()
    registered = registry.register("shop.remind", remind, atomic=False)
    assert registry.get("shop.remind") is registered
    assert registered.function is remind
    assert not registered.atomic


def test_a_name_registered_twice_is_an_error_that_names_both_functions() -> None:
    registry = ActionRegistry()
    registry.register("shop.remind", remind, atomic=True)
    with pytest.raises(ActionRegisteredTwice) as caught:
        registry.register("shop.remind", notify, atomic=True)
    assert caught.value.first.endswith(".remind")
    assert caught.value.second.endswith(".notify")
    assert caught.value.first in str(caught.value)
    assert caught.value.second in str(caught.value)


def test_an_unknown_action_is_an_error_that_names_those_there_are() -> None:
    registry = ActionRegistry()
    registry.register("shop.remind", remind, atomic=True)
    with pytest.raises(UnknownAction, match=r"shop\.remnd.*shop\.remind"):
        registry.get("shop.remnd")


def test_an_action_for_the_length_of_a_block_is_gone_after_it_even_if_the_block_fails() -> None:
    registry = ActionRegistry()
    with pytest.raises(AssertionError), registry.registered("shop.notify", notify):
        assert registry.names() == ()
    assert registry.names() == ()


def test_the_built_in_actions_are_there() -> None:
    assert {"create", "transition"} <= set(actions.names())


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        ({}, "input"),
        ({"order": "17"}, "input.order"),
        ({"order": True}, "input.order"),
        ({"order": 17, "tone": "rude"}, "input.tone"),
        ({"order": 17, "colour": "red"}, "input"),
    ],
)
def test_rendered_settings_that_do_not_fit_are_refused_with_their_place(
    reminder: Action, settings: dict[str, object], path: str
) -> None:
    with pytest.raises(InvalidSettings) as caught:
        reminder.validate(settings)
    assert caught.value.path == path
    assert "shop.remind" in str(caught.value)


@pytest.mark.parametrize("settings", [{"order": 17}, {"order": 17, "tone": "friendly"}])
def test_rendered_settings_that_fit_are_accepted(reminder: Action, settings: dict[str, object]) -> None:
    reminder.validate(settings)
    reminder.check(settings)


@pytest.mark.parametrize("settings", [{"order": "${data.order}"}, {"order": 1, "tone": "${data.tone}"}])
def test_before_rendering_a_template_may_stand_for_any_type(reminder: Action, settings: dict[str, object]) -> None:
    reminder.check(settings)


@pytest.mark.parametrize("settings", [{"tone": "${data.tone}"}, {"order": "17"}, {"order": "${x}", "colour": "${y}"}])
def test_before_rendering_missing_and_unknown_keys_and_plain_values_are_held_to_the_schema(
    reminder: Action, settings: dict[str, object]
) -> None:
    with pytest.raises(InvalidSettings):
        reminder.check(settings)


def test_before_rendering_a_broken_template_is_refused(reminder: Action) -> None:
    with pytest.raises(InvalidTemplate):
        reminder.check({"order": "${data.}"})


def send(delivery: object, *, to: str, times: int, rate: float, now: bool, tags: list, more: dict) -> None: ...  # type: ignore[type-arg]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=3,
)
FITTING = st.fixed_dictionaries(
    {
        "to": st.text(),
        "times": st.integers(),
        "rate": st.floats(allow_nan=False),
        "now": st.booleans(),
        "tags": st.lists(JSON, max_size=2),
        "more": st.dictionaries(st.text(), JSON, max_size=2),
    }
)


@given(settings=FITTING, spoilt=st.dictionaries(st.sampled_from(["to", "times", "rate", "now", "tags", "x"]), JSON))
def test_settings_are_accepted_if_and_only_if_their_schema_accepts_them(
    settings: dict[str, object], spoilt: dict[str, object]
) -> None:
    """However their types are looked at."""
    sender = ActionRegistry().register("shop.send", send, atomic=True)
    changed = {**settings, **spoilt}
    if Draft202012Validator(sender.schema).is_valid(changed):
        sender.validate(changed)
    else:
        with pytest.raises(InvalidSettings):
            sender.validate(changed)
