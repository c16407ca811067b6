"""Hinting through Celery: what is sent, what becomes of it without a broker, what is wrong with a configuration."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from celery import Celery, current_app
from kombu.exceptions import OperationalError
from pytest_django import Settings

from detent.trigger.checks import check_dispatcher
from detent.trigger.delivery import celery as celery_module
from detent.trigger.delivery.celery import CeleryDispatcher, deliver
from detent.trigger.delivery.celery_checks import faults


@pytest.fixture
def app() -> Iterator[Celery]:
    """Have an app with a broker in memory as the current one."""
    before = current_app._get_current_object()
    app = Celery("tests", broker="memory://")
    app.set_current()
    yield app
    before.set_current()


def sent(monkeypatch: pytest.MonkeyPatch, send: Callable[..., object]) -> None:
    monkeypatch.setattr(type(deliver._get_current_object()), "apply_async", lambda self, **options: send(**options))


def test_a_message_carries_ids_and_the_alias_alone(app: Celery, monkeypatch: pytest.MonkeyPatch) -> None:
    messages: list[Any] = []
    sent(monkeypatch, lambda args, **_: messages.append(args))
    CeleryDispatcher().hint(range(25), "other")
    assert messages == [[list(range(20)), "other"], [list(range(20, 25)), "other"]]


def test_a_broker_that_is_away_is_logged_and_then_left_alone_for_a_while(
    app: Celery, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    now, tries = 100.0, []

    def fail(**_: object) -> None:
        tries.append(now)
        raise OperationalError("no broker")

    sent(monkeypatch, fail)
    monkeypatch.setattr(celery_module, "monotonic", lambda: now)
    dispatcher = CeleryDispatcher()
    for now in (100.0, 101.0, 104.0, 106.0):  # noqa: B007 - the clock reads it
        dispatcher.hint([7], "default")
    assert tries == [100.0, 106.0]
    assert [record.__dict__["delivery_ids"] for record in caplog.records] == [[7], [7]]


def test_a_configuration_as_the_how_to_has_it_is_without_fault(app: Celery) -> None:
    assert faults(app, deliver) == []


@pytest.mark.parametrize(
    ("configuration", "fault"),
    [
        ({"broker_url": None}, "detent.E303"),
        ({"task_always_eager": True}, "detent.E305"),
        ({"accept_content": ["pickle"]}, "detent.E306"),
        ({"worker_prefetch_multiplier": 0}, "detent.W303"),
        ({"task_annotations": {"detent.deliver": {"ignore_result": False}}}, "detent.W304"),
        ({"task_annotations": {"detent.deliver": {"acks_late": True}}}, "detent.W305"),
    ],
)
def test_what_would_keep_deliveries_from_being_run_is_told(
    app: Celery, configuration: dict[str, Any], fault: str
) -> None:
    app.conf.update(configuration)
    assert [message.id for message in faults(app, deliver)] == [fault]


def test_an_app_without_the_task_is_told(app: Celery) -> None:
    del app.tasks["detent.deliver"]

    class Unregistered:
        name, ignore_result, acks_late = "detent.deliver", True, False

    assert [message.id for message in faults(app, Unregistered())] == ["detent.E304"]


def test_the_system_check_asks_the_dispatcher_that_the_settings_name(app: Celery, settings: Settings) -> None:
    settings.DETENT = {"DISPATCHER": "detent.trigger.delivery.celery.CeleryDispatcher"}
    assert check_dispatcher(None) == []
    app.conf.task_always_eager = True
    assert [message.id for message in check_dispatcher(None)] == ["detent.E305"]


def test_a_dispatcher_that_cannot_be_imported_is_told(settings: Settings) -> None:
    settings.DETENT = {"DISPATCHER": "nowhere.Dispatcher"}
    (found,) = check_dispatcher(None)
    assert (found.id, "nowhere.Dispatcher" in found.msg) == ("detent.E302", True)
