"""Hinting through Django's tasks."""

from typing import Any

import pytest
from pytest_django import Settings

from detent.trigger.delivery.django_tasks import HOME, TasksDispatcher


def test_a_backend_that_fails_is_logged_with_the_ids(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.TASKS = {"default": {"BACKEND": "nowhere.Backend"}}
    TasksDispatcher().hint([7], "default")
    (record,) = caplog.records
    assert "cannot be enqueued" in record.getMessage()
    assert record.__dict__["delivery_ids"] == [7]


@pytest.mark.parametrize(
    ("backend", "faults"),
    [
        (f"{HOME}.backends.dummy.DummyBackend", ["detent.E307"]),
        (f"{HOME}.backends.immediate.ImmediateBackend", ["detent.E307"]),
        ("django_tasks_db.DatabaseBackend", []),
    ],
)
def test_a_backend_without_workers_is_told(settings: Settings, backend: str, faults: list[Any]) -> None:
    settings.TASKS = {"default": {"BACKEND": backend}}
    assert [message.id for message in TasksDispatcher().check()] == faults
