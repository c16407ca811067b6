"""Celery on RabbitMQ: its workers are killed every second, and the broker in the middle; the database stays exact."""

import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from detent.testing.contract.actions import DONE, RECORD, RECORD_OUTSIDE
from detent.trigger.delivery.celery import CeleryDispatcher
from detent.trigger.models import Attempt, Delivery, Occurrence
from tests.integration.delivery.factories import make_event
from tests.services.dispatchers.brokers import broker_at
from tests.services.dispatchers.test_celery import SWEEPER
from tests.services.dispatchers.test_contract import WORKER
from tests.services.dispatchers.workers import kept_running
from tests.services.servers.rabbitmq import rabbitmq_node

pytestmark = pytest.mark.django_db(transaction=True)

DELIVERIES = 5000
PATIENCE_SECONDS = 280
WORKERS = 3
EVENTS = 50


def make() -> list[int]:
    """Write deliveries that are due, every other one with an action outside a transaction."""
    events = [make_event() for _ in range(EVENTS)]
    rows = (
        Delivery(
            event=events[number % EVENTS],
            action=RECORD_OUTSIDE if number % 2 else RECORD,
            position=number // EVENTS,
            max_attempts=1000,
        )
        for number in range(DELIVERIES)
    )
    return [row.pk for row in Delivery.objects.bulk_create(rows)]


def done() -> int:
    return Delivery.objects.filter(state="done").count()


def test_over_celery_whatever_dies_each_delivery_is_done_once_and_each_atomic_effect_is_there_once(
    show: Callable[[str], None],
) -> None:
    chance, kills, restarts = random.Random(6), 0, 0
    with ExitStack() as stack:
        node = stack.enter_context(rabbitmq_node())
        broker = stack.enter_context(broker_at(node.url))
        workers = [stack.enter_context(kept_running(*WORKER, environment=broker.environment)) for _ in range(WORKERS)]
        stack.enter_context(kept_running(*SWEEPER, environment=broker.environment))
        made = make()
        CeleryDispatcher().hint(made, "default")
        began, next_kill, enough = time.monotonic(), 0.0, 1
        while (count := done()) < DELIVERIES:
            assert time.monotonic() < began + PATIENCE_SECONDS, f"{count} of {DELIVERIES} done"
            if count > DELIVERIES // 2 and not restarts:
                node.restart()
                restarts += 1
            # On a busy machine a worker takes seconds to start: some work is done between two kills.
            if time.monotonic() > next_kill and count >= enough:
                chance.choice(workers).kill()
                kills, next_kill, enough = kills + 1, time.monotonic() + 1, count + DELIVERIES // 20
            time.sleep(0.02)
        seconds = time.monotonic() - began
    check_the_ledger(made)
    lost = Attempt.objects.filter(outcome="lost").count()
    figures = f"{kills} kills, {restarts} kill of the broker, {lost} attempts lost, {seconds:.0f} s"
    show(f"{DELIVERIES} deliveries over Celery on RabbitMQ, {figures}")


def check_the_ledger(made: list[int]) -> None:
    attempts = Attempt.objects.filter(outcome="done").values_list("delivery", "epoch")
    deliveries = Delivery.objects.filter(state="done").values_list("pk", "epoch")
    assert sorted(attempts) == sorted(deliveries), "one finishing write each, by the last claim"
    effects = Counter(Occurrence.objects.filter(type=DONE).values_list("source", flat=True))
    assert effects.keys() == {f"delivery:{key}" for key in made}, "at least once"
    atomic = Delivery.objects.filter(action=RECORD).values_list("pk", flat=True)
    assert {effects[f"delivery:{key}"] for key in atomic} == {1}, "exactly once"
