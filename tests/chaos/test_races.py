"""Objects that many move at once: each is moved by one of them at a time, and the log tells the whole story."""

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from decimal import Decimal
from itertools import groupby
from subprocess import Popen
from threading import Thread

import pytest
from django.db import connection

from detent.workflow import InvalidTransitionError
from detent.workflow.log.models import TransitionLog
from tests.chaos import mover
from tests.child import child_process, same_database
from tests.shop.models import Machine, Order

pytestmark = pytest.mark.django_db(transaction=True)

RACES = 200
THREADS = 50
MACHINES = 1000
CALLS_OF_A_THREAD = 40
NEXT = {"idle": "start", "running": "stop", "cooling": "rest"}


@pytest.fixture
def start_mover() -> Iterator[Callable[[], "Popen[str]"]]:
    """Start processes that race; what is left of them ends with the test."""
    with ExitStack() as stack:
        environment = {**same_database(), "DJANGO_SETTINGS_MODULE": "tests.settings"}
        yield lambda: stack.enter_context(child_process("-m", mover.__name__, environment=environment))


def tell(processes: list["Popen[str]"], line: str) -> list[str]:
    """Give each process a line and return what each answers."""
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(f"{line}\n")
        process.stdin.flush()
    return [process.stdout.readline().strip() for process in processes if process.stdout is not None]


def test_of_two_processes_that_race_for_an_object_exactly_one_moves_it_each_time(
    start_mover: Callable[[], "Popen[str]"],
) -> None:
    movers = [start_mover(), start_mover()]
    orders = [Order.objects.create(customer="C7", total=Decimal(1)) for _ in range(RACES)]
    outcomes = []
    for order in orders:
        assert tell(movers, str(order.pk)) == ["loaded", "loaded"]
        outcomes.append(tell(movers, "go"))
    assert [sorted(outcome) for outcome in outcomes] == [["concurrent", "placed"]] * RACES
    assert {tuple(outcome) for outcome in outcomes} == {("concurrent", "placed"), ("placed", "concurrent")}
    logged = TransitionLog.objects.order_by("content_id").values_list("content_id", "from_state", "to_state")
    assert list(logged) == [(order.pk, "draft", "placed") for order in orders]


def move_at_random(pks: list[int], chance: random.Random, moved: list[int]) -> None:
    """Take the next step of objects, some of which everyone is after; note which took it."""
    try:
        for _ in range(CALLS_OF_A_THREAD):
            machine = Machine.objects.get(pk=pks[int(len(pks) * chance.random() ** 4)])
            try:
                getattr(machine, NEXT[machine.state.name])()
            except InvalidTransitionError:
                continue
            moved.append(machine.pk)
    finally:
        connection.close()


def test_the_log_of_objects_that_many_threads_move_under_row_locks_is_the_chain_of_their_moves() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no row locks, and one writer at a time")
    machines = Machine.objects.bulk_create(Machine(name=str(number)) for number in range(MACHINES))
    pks, moved = [machine.pk for machine in machines], list[int]()
    threads = [Thread(target=move_at_random, args=[pks, random.Random(seed), moved]) for seed in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    logs = TransitionLog.objects.order_by("content_id", "pk").values_list("content_id", "from_state", "to_state")
    assert len(logs) == len(moved) > 0
    states = dict(Machine.objects.values_list("pk", "state"))
    for pk, of_one in groupby(logs, key=lambda log: log[0]):
        steps = list(of_one)
        assert [step[1] for step in steps] == ["idle", *(step[2] for step in steps[:-1])]
        assert steps[-1][2] == states[pk]
