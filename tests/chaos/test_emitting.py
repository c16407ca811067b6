"""Whoever says first what happened is heard, once; what is rolled back was never said."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from subprocess import Popen

import pytest
from django.db import connection, transaction

from detent.trigger import Delivery, Occurrence, TriggerEvent, emit
from tests.chaos import emitter
from tests.chaos.actions import COUNT
from tests.chaos.emitter import PAIRS
from tests.child import child_process, same_database
from tests.integration.trigger.factories import event_rule

pytestmark = pytest.mark.django_db(transaction=True)

PROCESSES = 8
COUNTING = {"action": COUNT, "input": {"number": "${data.order}"}}

Start = Callable[[], "Popen[str]"]


@pytest.fixture
def start_emitter() -> Iterator[Start]:
    """Start processes that emit; what is left of them ends with the test."""
    with ExitStack() as stack:
        environment = {**same_database(), "DJANGO_SETTINGS_MODULE": "tests.chaos.settings"}
        yield lambda: stack.enter_context(child_process("-m", emitter.__name__, environment=environment))


def tell(process: "Popen[str]", command: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{command}\n")
    process.stdin.flush()


def answer(process: "Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def ask(process: "Popen[str]", command: str) -> str:
    tell(process, command)
    return answer(process)


@pytest.mark.parametrize("command", ["together", "apart"])
def test_of_what_eight_processes_say_at_once_each_is_taken_in_once(start_emitter: Start, command: str) -> None:
    """In one call or one by one, each process in another order: nothing is lost or doubled, and nobody deadlocks."""
    if connection.vendor == "sqlite" and command == "apart":
        pytest.skip("SQLite has one writer at a time, for whom eight thousand transactions wait in line")
    event_rule(actions=[COUNTING])
    processes = [start_emitter() for _ in range(PROCESSES)]
    assert [answer(process) for process in processes] == ["ready"] * PROCESSES
    for seed, process in enumerate(processes):
        tell(process, f"{command} {seed}")
    heard = [int(answer(process)) for process in processes]
    assert sum(heard) == PAIRS
    assert Occurrence.objects.count() == PAIRS
    assert TriggerEvent.objects.values("occurrence").distinct().count() == PAIRS
    assert (TriggerEvent.objects.count(), Delivery.objects.count()) == (PAIRS, PAIRS)


def test_a_rule_that_is_rolled_back_leaves_no_ghost_in_any_process(start_emitter: Start) -> None:
    """Another process that looks, before and after, sees the rules that were committed, and no other."""
    elsewhere = start_emitter()
    assert answer(elsewhere) == "ready"
    assert ask(elsewhere, "rules 0") == "0"
    with transaction.atomic():
        event_rule()
        assert emit("order.paid", {}, source="shop").events
        assert ask(elsewhere, "rules 0") == "0"
        transaction.set_rollback(True)
    assert ask(elsewhere, "rules 0") == "0"
    assert not emit("order.paid", {}, source="shop").events
    assert not Occurrence.objects.exists()
    event_rule()
    assert ask(elsewhere, "rules 0") == "1"
