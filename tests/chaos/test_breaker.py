"""A circuit breaker holds over many workers, whatever dies."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from subprocess import Popen

import pytest

from detent.trigger import emit
from detent.trigger.models import Attempt, Delivery, Lane
from tests.chaos.actions import WHILE_UP
from tests.child import child_process, kill_group, same_database
from tests.integration.trigger.factories import event_rule
from tests.waiting import PATIENCE_SECONDS, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 3
FAILURES = 5
DELIVERIES = 60
WORKER = ("-m", "django", "detent", "worker", "--poll", "0.05", "--batch", "20")


@contextmanager
def workers() -> Iterator[list["Popen[str]"]]:
    """Have some worker processes."""
    environment = {**same_database(), "DJANGO_SETTINGS_MODULE": "tests.chaos.settings"}
    with ExitStack() as stack:
        yield [
            stack.enter_context(child_process(*WORKER, "--name", f"w{number}", environment=environment, quiet=True))
            for number in range(WORKERS)
        ]


def emit_for(flag: Path, *, open_for: str) -> None:
    """Emit what a rule with a breaker is triggered by."""
    options = {"attempts": 1000, "circuit_breaker": {"failures": FAILURES, "open_for": open_for}}
    actions = [{"action": WHILE_UP, "input": {"flag": str(flag)}}]
    event_rule("said", actions=actions, delivery=options)
    for number in range(DELIVERIES):
        emit("said", {"number": number}, source="tests")


def is_open() -> bool:
    return Lane.objects.filter(breaker="open").exists()


def test_no_worker_tries_more_than_it_had_begun_once_the_breaker_is_open(tmp_path: Path) -> None:
    """Though each had claimed many."""
    emit_for(tmp_path / "up", open_for="PT1H")
    with workers() as crew:
        wait_until(is_open, "the breaker open")
        wait_until(lambda: not Delivery.objects.filter(state__in=["waiting", "running"]).exists(), "all held back")
        for worker in crew:
            worker.terminate()
            worker.wait(PATIENCE_SECONDS)
    assert FAILURES <= Attempt.objects.count() < FAILURES + WORKERS


def test_an_open_breaker_outlives_workers_that_are_killed_and_closes_once_the_target_is_up(tmp_path: Path) -> None:
    flag = tmp_path / "up"
    emit_for(flag, open_for="PT0.3S")
    with workers() as crew:
        wait_until(is_open, "the breaker open")
        for worker in crew:
            kill_group(worker)
            worker.wait(PATIENCE_SECONDS)
    assert is_open()
    tries = Attempt.objects.count()
    with workers():
        wait_until(lambda: Attempt.objects.count() > tries, "one tried by others")
        assert is_open()
        flag.touch()
        wait_until(lambda: Delivery.objects.filter(state="done").count() == DELIVERIES, "all done")
        assert not is_open()
