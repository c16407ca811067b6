"""A worker that is killed loses nothing, and no atomic effect happens twice."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from subprocess import Popen

import pytest
from django.db import connection
from django.db.models import QuerySet

from detent.trigger.models import Attempt, Delivery, Ruleset
from tests.chaos.actions import COUNT, RUINOUS
from tests.child import child_process, kill_group, same_database
from tests.integration.delivery.factories import make_delivery
from tests.waiting import PATIENCE_SECONDS, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

DELIVERIES = 1000
WORKER = ("-m", "django", "detent", "worker", "--poll", "0.05", "--batch", "50")


@pytest.fixture
def start_worker() -> Iterator[Callable[[str], "Popen[str]"]]:
    """Start worker processes by name; what is left of them ends with the test."""
    with ExitStack() as stack:
        environment = {**same_database(), "DJANGO_SETTINGS_MODULE": "tests.chaos.settings"}
        yield lambda name: stack.enter_context(child_process(*WORKER, "--name", name, environment=environment))


def done() -> int:
    return Delivery.objects.filter(state="done").count()


def held_by_victim() -> "QuerySet[Delivery]":
    return Delivery.objects.filter(state="running", worker__startswith="victim")


def stopped_with_a_claim(victim: "Popen[str]") -> bool:
    """Stop the process; let it go on if it holds no delivery.

    A signal sent is not yet a process stopped: one in the middle of a write goes on until the write is done.
    """
    victim.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, victim.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    if held_by_victim().exists():
        return True
    victim.send_signal(signal.SIGCONT)
    return False


def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_no_atomic_effect(
    start_worker: Callable[[str], "Popen[str]"], show: Callable[[str], None]
) -> None:
    made = [make_delivery(COUNT, {"number": number}).pk for number in range(DELIVERIES)]
    victim = start_worker("victim")
    # Alone at first: on a busy machine, a worker that starts seconds earlier leaves the other nothing to do.
    wait_until(lambda: Attempt.objects.filter(worker__startswith="victim").count() >= 20, "the victim at work")
    wait_until(lambda: stopped_with_a_claim(victim), "the victim in the middle of a batch")
    held = held_by_victim().count()
    survivor = start_worker("survivor")
    kill_group(victim)
    assert victim.wait(PATIENCE_SECONDS) < 0
    wait_until(lambda: done() == DELIVERIES, "every delivery done")
    effects = sorted(int(row.token) for row in Ruleset.objects.all())
    assert effects == list(range(DELIVERIES))
    assert sorted(Attempt.objects.filter(outcome="done").values_list("delivery", flat=True)) == made
    # The server may still have ended the one delivery whose COMMIT was under way.
    lost = Attempt.objects.filter(outcome="lost", worker__startswith="victim").count()
    assert held - 1 <= lost <= held
    show(f"{DELIVERIES} deliveries, killed with {held} in hand: {lost} attempts lost, no effect lost or doubled")
    survivor.terminate()
    assert survivor.wait(PATIENCE_SECONDS) == 0


def test_a_delivery_that_kills_every_worker_is_dead_after_its_last_attempt(
    start_worker: Callable[[str], "Popen[str]"],
) -> None:
    ruinous = make_delivery(RUINOUS, max_attempts=2)
    for name in ("first", "second"):
        assert start_worker(name).wait(PATIENCE_SECONDS) == os.EX_SOFTWARE
    good = make_delivery(COUNT, {"number": 1})
    start_worker("third")
    wait_until(lambda: Delivery.objects.filter(pk=ruinous.pk, state="dead").exists(), "the ruinous one dead")
    wait_until(lambda: Delivery.objects.filter(pk=good.pk, state="done").exists(), "the good one done")
    ruinous.refresh_from_db()
    assert "lease" in ruinous.error
    assert [attempt.outcome for attempt in ruinous.tries.order_by("pk")] == ["lost", "lost"]


def test_the_same_holds_on_sqlite(show: Callable[[str], None]) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("The other tests of these files show it.")
    arguments = (
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "tests/chaos/test_delivery.py",
        "tests/chaos/test_many_workers.py",
    )
    with child_process(*arguments, environment={"DATABASE_URL": ""}) as suite:
        output, _ = suite.communicate()
    assert suite.returncode == 0, output
    show(f"On SQLite:\n{output}")
