"""The dispatcher that the settings name."""

from collections.abc import Sequence

import pytest
from pytest_django import Settings

from detent.settings import InvalidSetting
from detent.trigger.delivery import NoDispatcher, dispatcher
from detent.trigger.delivery.notify import DatabaseDispatcher


class Recorder:
    """A dispatcher that keeps what it was told."""

    def __init__(self) -> None:
        self.hints: list[tuple[list[int], str]] = []

    def hint(self, delivery_ids: Sequence[int], using: str) -> None:
        self.hints.append((list(delivery_ids), using))


class Mute:
    """No dispatcher: it cannot hint."""


def test_without_a_setting_workers_are_told_through_the_database(settings: Settings) -> None:
    settings.DETENT = {}
    assert isinstance(dispatcher(), DatabaseDispatcher)


def test_a_setting_can_leave_workers_to_poll(settings: Settings) -> None:
    settings.DETENT = {"DISPATCHER": "detent.trigger.delivery.NoDispatcher"}
    assert isinstance(dispatcher(), NoDispatcher)
    dispatcher().hint([1, 2], "default")


def test_the_class_that_the_setting_names_is_made_once(settings: Settings) -> None:
    settings.DETENT = {"DISPATCHER": f"{__name__}.Recorder"}
    made = dispatcher()
    assert isinstance(made, Recorder)
    dispatcher().hint([3], "default")
    assert made.hints == [([3], "default")]


@pytest.mark.parametrize("path", ["nowhere.Dispatcher", f"{__name__}.Nobody", f"{__name__}.Mute"])
def test_a_dispatcher_that_cannot_be_used_is_an_error_that_names_the_setting(settings: Settings, path: str) -> None:
    settings.DETENT = {"DISPATCHER": path}
    with pytest.raises(InvalidSetting, match="DISPATCHER"):
        dispatcher()
