"""The built-in action `task`."""

from typing import Any

import pytest
from pytest_django import Settings

from detent.trigger.delivery.worker import Worker
from detent.trigger.models import Delivery
from tests.integration.actions import jobs
from tests.integration.delivery.factories import fresh, make_delivery

pytestmark = pytest.mark.django_db(transaction=True)

HERE = "tests.integration.actions.jobs"


@pytest.fixture(autouse=True)
def allowed(settings: Settings) -> None:
    names = ("send_invoice", "django_task", "unreachable", "plain", "missing")
    settings.DETENT = {"TASKS": [f"{HERE}.{name}" for name in names]}
    jobs.called.clear()


def run(name: str, arguments: dict[str, Any]) -> Delivery:
    made = make_delivery("task", {"task": f"{HERE}.{name}", "arguments": arguments}, data={"order": 17})
    Worker("default").run_once()
    return fresh(made)


def test_a_celery_task_is_enqueued_under_the_deliverys_key() -> None:
    done = run("send_invoice", {"order": "${data.order}"})
    assert done.state == "done"
    assert jobs.called == [{"order": 17, "id": done.key}]


def test_a_django_task_is_enqueued() -> None:
    assert run("django_task", {"order": 17}).state == "done"
    assert jobs.called == [{"order": 17}]


def test_where_the_queue_is_away_it_is_tried_again() -> None:
    waiting = run("unreachable", {"order": 17})
    assert (waiting.state, "no broker for order 17" in waiting.error) == ("waiting", True)


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("other", {}, 'add it to DETENT["TASKS"]'),
        ("missing", {}, "There is no task"),
        ("plain", {}, "is no task"),
        ("django_task", {"oder": 1}, "does not take these arguments"),
    ],
)
def test_what_no_further_attempt_can_mend_makes_a_dead_delivery(
    name: str, arguments: dict[str, Any], said: str
) -> None:
    dead = run(name, arguments)
    assert (dead.state, said in dead.error) == ("dead", True)
