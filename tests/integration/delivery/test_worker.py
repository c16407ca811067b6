"""A worker: its loop, its threads, and how it stops."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connections, transaction
from pytest_django import Settings

from detent.trigger.delivery import batch as batch_module
from detent.trigger.delivery import hand as hand_module
from detent.trigger.delivery import holding as holding_module
from detent.trigger.delivery.worker import Worker
from detent.trigger.models import Delivery
from tests.integration.delivery.conftest import Register
from tests.integration.delivery.factories import fresh, make_delivery
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 30
"""Seconds after which a test that waits for threads of its own gives up."""


def nothing(delivery: Delivery) -> None: ...


def states() -> dict[str, int]:
    found: dict[str, int] = {}
    for state in Delivery.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def test_it_runs_batch_after_batch_until_nothing_is_due(register: Register) -> None:
    name = register(nothing)
    for _ in range(7):
        make_delivery(name)
    later = make_delivery(name, due=fresh(make_delivery(name, state="done")).now + timedelta(minutes=5))
    assert Worker(batch=2).run_until_idle() == 7
    assert fresh(later).state == "waiting"


def test_told_to_stop_it_ends_what_it_began_and_releases_the_rest_with_their_attempt(register: Register) -> None:
    stop = threading.Event()

    def act(delivery: Delivery) -> None:
        stop.set()

    name = register(act)
    first = make_delivery(name, priority=1)
    rest = [make_delivery(name) for _ in range(3)]
    assert Worker().run(stop, poll=PATIENCE) == 1
    assert fresh(first).state == "done"
    for released in map(fresh, rest):
        assert (released.state, released.attempts, released.lease) == ("waiting", 0, None)
        assert not released.tries.exists()
    assert Worker().run_once() == 3


def test_when_half_the_lease_is_gone_what_was_not_begun_is_released(
    register: Register, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    now = 0.0
    settings.DETENT = {"LEASE": timedelta(seconds=60)}
    for module in (batch_module, hand_module, holding_module):
        monkeypatch.setattr(module, "monotonic", lambda: now)

    def act(delivery: Delivery) -> None:
        nonlocal now
        now += 20

    name = register(act)
    for _ in range(4):
        make_delivery(name)
    assert Worker().run_once() == 2
    assert states() == {"done": 2, "waiting": 2}
    assert Worker().run_once() == 2


def test_waiting_for_work_it_stops_at_once(register: Register) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=Worker().run, args=[stop], kwargs={"poll": 10 * PATIENCE})
    thread.start()
    stop.set()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_threads_run_deliveries_side_by_side_each_on_a_connection_that_is_closed_in_the_end(register: Register) -> None:
    meeting = threading.Barrier(3, timeout=PATIENCE)
    used: list[Any] = []

    def act(delivery: Delivery) -> None:
        meeting.wait()
        used.append(connections["default"])

    name = register(act, atomic=False)
    for _ in range(6):
        make_delivery(name)
    stop = threading.Event()
    assert Worker(threads=3, batch=1).run(stop, until_idle=True) == 6
    assert not stop.is_set()
    assert len(set(map(id, used))) == 3
    assert [connection.connection for connection in used] == [None] * 6
    assert states() == {"done": 6}


def test_a_delivery_is_never_run_by_two_threads(register: Register) -> None:
    running: set[int] = set()
    runs: list[int] = []
    violations: list[int] = []
    guard = threading.Lock()

    def act(delivery: Delivery) -> None:
        with guard:
            if delivery.pk in running:
                violations.append(delivery.pk)
            running.add(delivery.pk)
            runs.append(delivery.pk)
        Delivery.objects.count()
        with guard:
            running.discard(delivery.pk)

    name = register(act, atomic=False)
    made = [make_delivery(name).pk for _ in range(60)]
    Worker(threads=4, batch=3).run(threading.Event(), until_idle=True)
    assert violations == []
    assert sorted(runs) == made
    assert set(Delivery.objects.values_list("state", "attempts", "epoch")) == {("done", 1, 1)}


def test_an_action_that_exits_in_a_thread_does_not_take_the_worker_along(register: Register) -> None:
    def leave(delivery: Delivery) -> None:
        raise SystemExit

    left = make_delivery(register(leave), priority=1)
    stayed = make_delivery(register(nothing))
    Worker(threads=2, batch=1).run(threading.Event(), until_idle=True)
    assert fresh(left).error == "SystemExit"
    assert fresh(stayed).state == "done"


def test_a_database_that_is_away_for_a_moment_is_looked_for_again(
    register: Register, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop = threading.Event()
    claim, failures = hand_module.claim, iter([OperationalError("server closed the connection")])

    def act(delivery: Delivery) -> None:
        stop.set()

    def claim_or_fail(*arguments: Any, **options: Any) -> list[Delivery]:
        for failure in failures:
            raise failure
        return claim(*arguments, **options)

    monkeypatch.setattr(hand_module, "claim", claim_or_fail)
    made = make_delivery(register(act))
    assert Worker(name="w").run(stop, poll=0.01) == 1
    assert fresh(made).state == "done"
    assert "Worker w cannot reach database 'default'" in caplog.text


def test_an_error_that_is_no_database_failure_ends_all_threads_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    claims = threading.Semaphore(1)

    def claim_or_fail(*arguments: Any, **options: Any) -> list[Delivery]:
        if claims.acquire(blocking=False):
            raise ZeroDivisionError
        return []

    monkeypatch.setattr(hand_module, "claim", claim_or_fail)
    stop = threading.Event()
    with pytest.raises(ZeroDivisionError):
        Worker(threads=3).run(stop, poll=PATIENCE)
    assert stop.is_set()


def test_a_row_that_another_transaction_locks_is_skipped_and_not_waited_for(register: Register) -> None:
    if not connections["default"].features.has_select_for_update_skip_locked:
        pytest.skip("SQLite locks the whole database for a writer; there is no row to skip.")
    name = register(nothing)
    locked, free = make_delivery(name, priority=1), make_delivery(name)
    held, checked = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                Delivery.objects.select_for_update().get(pk=locked.pk)
                held.set()
                checked.wait(PATIENCE)
        finally:
            connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert held.wait(PATIENCE)
        assert Worker().run_once() == 1
    finally:
        checked.set()
        holder.join(PATIENCE)
    assert fresh(free).state == "done"
    assert fresh(locked).state == "waiting"


def test_a_worker_whose_connections_the_server_ended_goes_on(register: Register) -> None:
    if connections["default"].vendor != "postgresql":
        pytest.skip("Only PostgreSQL ends connections on request.")
    stop = threading.Event()
    name = register(nothing)
    worker = threading.Thread(target=Worker(threads=2).run, args=[stop], kwargs={"poll": 0.05})
    worker.start()
    try:
        for _ in range(2):
            made = make_delivery(name)
            wait_until(Delivery.objects.filter(pk=made.pk, state="done").exists, "the delivery done")
            with connections["default"].cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
    finally:
        stop.set()
        worker.join(PATIENCE)
    assert not worker.is_alive()
