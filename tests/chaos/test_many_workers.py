"""Workers that are killed, stopped, or go by wrong clocks, and a server that restarts: what is exact stays exact."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from subprocess import Popen

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.utils import timezone

from detent.trigger.delivery.database_clock import DatabaseNow
from detent.trigger.models import Attempt, Delivery, Occurrence, Ruleset, TriggerEvent
from tests.chaos.actions import COUNT, OUTSIDE, WAIT, WAIT_OUTSIDE
from tests.child import child_process, kill_group, same_database
from tests.databases import from_url
from tests.integration.delivery.factories import fresh, make_delivery
from tests.postgres import PostgresServer
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

DELIVERIES = 5000
PATIENCE_SECONDS = 200
WORKERS = 3
SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.chaos.settings"}
COMMAND = ("detent", "worker", "--poll", "0.05", "--batch", "50")


@contextmanager
def server_of_ones_own() -> Iterator[PostgresServer]:
    """Have a PostgreSQL server that may be restarted, with Detent's tables, in place of the run's database."""
    before = connection.settings_dict
    with PostgresServer() as server:
        connection.close()
        connection.settings_dict = before | from_url(server.url.replace("/detent?", "/postgres?"))
        try:
            call_command("migrate", verbosity=0)
            yield server
        finally:
            connection.close()
            connection.settings_dict = before


def fill() -> None:
    """Write deliveries that wait, every other one with an action outside a transaction."""
    now = timezone.now()
    occurrence = Occurrence.objects.create(type="chaos", source="chaos", identifier="1", time=now, data={})
    event = TriggerEvent.objects.create(type="EVENT", occurred=now, occurrence=occurrence)
    Delivery.objects.bulk_create(
        Delivery(
            event=event,
            position=number,
            action=OUTSIDE if number % 2 else COUNT,
            settings={"number": number},
            max_attempts=1000,
            due=now,
        )
        for number in range(DELIVERIES)
    )


class Crew:
    """Worker processes, some of which are killed and replaced."""

    def __init__(self, stack: ExitStack, environment: dict[str, str]) -> None:
        self._stack = stack
        self._environment = environment
        self._number = 0
        self.workers: dict[str, Popen[str]] = {}

    def hire(self) -> None:
        self._number += 1
        name = f"worker-{self._number}"
        arguments = ("-m", "django", *COMMAND, "--name", name)
        # Nobody reads what they print: a pipe that is full would stop them.
        process = self._stack.enter_context(child_process(*arguments, environment=self._environment, quiet=True))
        self.workers[name] = process

    def kill_one_at_work(self, chance: random.Random) -> bool:
        """Kill one that holds something; one that has hardly started would be a kill of nothing."""
        holders = Delivery.objects.filter(state="running").values_list("worker", flat=True)
        at_work = sorted({holder.split(":")[0] for holder in holders} & self.workers.keys())
        if not at_work:
            return False
        victim = self.workers.pop(chance.choice(at_work))
        kill_group(victim)
        victim.wait(PATIENCE_SECONDS)
        return True


def answer(question: Callable[[], int]) -> int:
    """Ask the database; 0 while it restarts."""
    try:
        return question()
    except DatabaseError:
        return 0


def test_whatever_dies_each_delivery_is_done_once_and_each_atomic_effect_is_there_once(
    show: Callable[[str], None],
) -> None:
    chance, kills, restarts = random.Random(6), 0, 0
    with ExitStack() as stack:
        server = stack.enter_context(server_of_ones_own()) if connection.vendor == "postgresql" else None
        fill()
        crew = Crew(stack, {**same_database(), **SETTINGS})
        for _ in range(WORKERS):
            crew.hire()
        done, deadline, next_kill, enough = 0, time.monotonic() + PATIENCE_SECONDS, 0.0, 0
        while done < DELIVERIES:
            assert time.monotonic() < deadline, f"{done} of {DELIVERIES} done after {PATIENCE_SECONDS} s"
            done = answer(Delivery.objects.filter(state="done").count)
            if server and done > DELIVERIES // 2 and not restarts:
                connection.close()
                server.restart()
                restarts += 1
            # On a busy machine a worker takes seconds to start: some work is done between two kills.
            if time.monotonic() > next_kill and done >= enough and answer(lambda: crew.kill_one_at_work(chance)):
                kills, next_kill, enough = kills + 1, time.monotonic() + 1, done + DELIVERIES // 20
                crew.hire()
            time.sleep(0.02)
        for worker in crew.workers.values():
            worker.terminate()
        # One that has only just been started does not know yet how to end well.
        assert {worker.wait(PATIENCE_SECONDS) for worker in crew.workers.values()} <= {0, -signal.SIGTERM}
        check_the_ledger()
        assert kills
        lost = Attempt.objects.filter(outcome="lost").count()
        show(f"{DELIVERIES} deliveries, {kills} kills, {restarts} restarts, {lost} attempts lost")


def check_the_ledger() -> None:
    attempts = Attempt.objects.filter(outcome="done").values_list("delivery", "epoch")
    deliveries = Delivery.objects.filter(state="done").values_list("pk", "epoch")
    assert sorted(attempts) == sorted(deliveries), "one finishing write each, by the last claim"
    tokens = list(Ruleset.objects.exclude(pk=1, token="").values_list("token", flat=True))
    atomic = sorted(int(token) for token in tokens if token.isdecimal())
    outside = {int(token.removeprefix("outside ")) for token in tokens if token.startswith("outside ")}
    assert atomic == list(range(0, DELIVERIES, 2)), "exactly once"
    assert outside == set(range(1, DELIVERIES, 2)), "at least once"


def start(stack: ExitStack, name: str, *command: str, lease: float = 1) -> "Popen[str]":
    environment = {**same_database(), **SETTINGS, "CHAOS_LEASE_SECONDS": str(lease)}
    arguments = ("-m", *command, *COMMAND, "--name", name)
    return stack.enter_context(child_process(*arguments, environment=environment, quiet=True))


@pytest.mark.parametrize("action", [WAIT, WAIT_OUTSIDE], ids=["atomic", "not atomic"])
def test_a_worker_stopped_past_its_lease_cannot_finish_what_another_took_over(
    action: str, tmp_path: Path, show: Callable[[str], None]
) -> None:
    if connection.vendor == "sqlite" and action == WAIT:
        pytest.skip("On SQLite a process stopped in a transaction holds the lock that every other writer needs.")
    flag = tmp_path / "flag"
    made = make_delivery(action, {"flag": str(flag)}, max_attempts=100)
    with ExitStack() as stack:
        late = start(stack, "late", "django")
        wait_until(lambda: fresh(made).state == "running", "the first at work", patience=PATIENCE_SECONDS)
        if action == WAIT_OUTSIDE:
            wait_until(Ruleset.objects.filter(token="epoch 1").exists, "its action called", patience=PATIENCE_SECONDS)
        late.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, late.pid, os.WSTOPPED | os.WNOWAIT)
        flag.touch()
        survivor = start(stack, "survivor", "django")
        wait_until(lambda: fresh(made).state == "done", "the other took over", patience=PATIENCE_SECONDS)
        survivor.terminate()
        survivor.wait(PATIENCE_SECONDS)
        late.send_signal(signal.SIGCONT)
        after = make_delivery(COUNT, {"number": 1})
        wait_until(lambda: fresh(after).state == "done", "the first at work again", patience=PATIENCE_SECONDS)
    ended = made.tries.filter(outcome="done").values_list("worker", "epoch")
    assert [(worker.split(":")[0], epoch) for worker, epoch in ended] == [("survivor", fresh(made).epoch)]
    effects = Ruleset.objects.filter(token__startswith="epoch").count()
    assert effects == 1 if action == WAIT else effects >= 2
    show(f"stopped in epoch 1, taken over in epoch {fresh(made).epoch}: one finishing write, effects: {effects}")


def test_leases_hold_though_the_workers_clocks_are_two_hours_apart_or_jump(show: Callable[[str], None]) -> None:
    clocks = {"slow": "-3600", "fast": "3600", "jumping": "-7200,7200"}

    def all_took_part() -> bool:
        """Have more done, which falls to whoever looks first."""
        for number in range(20):
            make_delivery(COUNT, {"number": number}, due=DatabaseNow())
        undone = Delivery.objects.exclude(state="done")
        wait_until(lambda: not undone.exists(), "all done", patience=PATIENCE_SECONDS)
        return shares().keys() == clocks.keys()

    with ExitStack() as stack:
        for name, off in clocks.items():
            start(stack, name, "tests.chaos.other_clock", off, lease=60)
        wait_until(all_took_part, "each worker at work", patience=PATIENCE_SECONDS)
    number = Delivery.objects.count()
    assert set(Delivery.objects.values_list("attempts", "epoch")) == {(1, 1)}
    assert Ruleset.objects.exclude(token="").count() == number
    show(f"{number} deliveries, each claimed once, by workers with wrong clocks: {dict(shares())}")


def shares() -> Counter[str]:
    """Return how many attempts each worker made."""
    return Counter(worker.split(":")[0] for worker in Attempt.objects.values_list("worker", flat=True))
