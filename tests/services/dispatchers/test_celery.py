"""Celery's workers killed, its broker cut off and its messages lost: every delivery is done exactly once."""

import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from detent.testing.contract.actions import DONE, RECORD
from detent.trigger.delivery.celery import CeleryDispatcher
from detent.trigger.models import Attempt, Delivery, Occurrence
from tests.integration.delivery.factories import make_event
from tests.services.dispatchers.brokers import BROKERS, Broker, broker_named
from tests.services.dispatchers.test_contract import WORKER
from tests.services.dispatchers.workers import kept_running

pytestmark = pytest.mark.django_db(transaction=True)

DELIVERIES = 600
PATIENCE_SECONDS = 120
SWEEPER = ("-m", "django", "detent", "sweep", "--every", "0.5")


def wait_until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"not within {PATIENCE_SECONDS} s: {what}"
        time.sleep(0.02)


def done() -> int:
    return Delivery.objects.filter(state="done").count()


def make(number: int) -> list[int]:
    event, first = make_event(), Delivery.objects.count()
    rows = [Delivery(event=event, action=RECORD, position=first + each) for each in range(number)]
    return [row.pk for row in Delivery.objects.bulk_create(rows)]


def hint_at(keys: list[int]) -> None:
    dispatcher = CeleryDispatcher()
    for start in range(0, len(keys), 10):
        dispatcher.hint(keys[start:][:10], "default")


def lose_and_cut(broker: Broker) -> None:
    """Do to the broker's clients what a restart without its queues does."""
    broker.purge()
    broker.proxy.cut()
    broker.proxy.restore()


@pytest.mark.parametrize("name", BROKERS)
def test_workers_killed_and_a_broker_that_forgets_lose_nothing_and_double_nothing(name: str) -> None:
    with ExitStack() as stack:
        broker = stack.enter_context(broker_named(name))
        first, _ = (stack.enter_context(kept_running(*WORKER, environment=broker.environment)) for _ in range(2))
        stack.enter_context(kept_running(*SWEEPER, environment=broker.environment))
        made = make(DELIVERIES // 2)
        hint_at(made)
        wait_until(lambda: done() >= 20, "the workers at work")
        first.kill()
        made += make(DELIVERIES // 2)
        hint_at(made[DELIVERIES // 2 :])
        wait_until(lambda: done() >= DELIVERIES // 3, "more than one of them at work")
        lose_and_cut(broker)
        first.kill()
        wait_until(lambda: done() == DELIVERIES, "every delivery done")
    effects = Counter(Occurrence.objects.filter(type=DONE).values_list("source", flat=True))
    assert effects == Counter(f"delivery:{key}" for key in made)
    assert sorted(Attempt.objects.filter(outcome="done").values_list("delivery", flat=True)) == made


@pytest.mark.parametrize("name", BROKERS)
def test_a_broker_that_is_away_is_logged_and_breaks_no_commit(name: str, caplog: pytest.LogCaptureFixture) -> None:
    with broker_named(name) as broker:
        broker.proxy.cut()
        (made,) = make(1)
        dispatcher = CeleryDispatcher()
        for _ in range(3):
            dispatcher.hint([made], "default")
        broker.proxy.restore()
    (record,) = [record for record in caplog.records if record.name == "detent.delivery"]
    assert "broker cannot be reached" in record.getMessage()
    assert record.__dict__["delivery_ids"] == [made]
