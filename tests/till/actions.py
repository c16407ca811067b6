"""Actions that another process finds too: in the module `actions` of an installed app."""

import os
import time
from datetime import timedelta
from pathlib import Path

from detent.trigger import Delivery, Reject, Retry, action
from tests.shop.models import Machine


def leave_a_row(delivery: Delivery) -> None:
    """Leave a row behind that names this process."""
    Machine.objects.create(name=f"process {os.getpid()}")


def never_return(delivery: Delivery, *, started: str = "") -> None:
    """Leave a row behind, say so with a file, and stay."""
    leave_a_row(delivery)
    if started:
        Path(started).write_text(str(os.getpid()))
    while True:
        time.sleep(3600)


def wait_for_a_file(delivery: Delivery, *, flag: str, started: str = "") -> None:
    """Leave a row behind when a file is there."""
    if started:
        Path(started).write_text(str(os.getpid()))
    while not Path(flag).exists():
        time.sleep(0.01)
    leave_a_row(delivery)


def exit_the_process(delivery: Delivery) -> None:
    """Take the process along."""
    leave_a_row(delivery)
    os._exit(3)


def ask_for_another_try(delivery: Delivery) -> Retry:
    """Keep a row, and ask to be called again."""
    leave_a_row(delivery)
    return Retry(after=timedelta(minutes=10), reason="busy")


def refuse(delivery: Delivery) -> Reject:
    """Keep a row, and refuse."""
    leave_a_row(delivery)
    return Reject("no such order")


def fail(delivery: Delivery) -> None:
    """Leave a row behind, and raise."""
    leave_a_row(delivery)
    raise KeyError("order")


for _function in (leave_a_row, never_return, wait_for_a_file, exit_the_process, ask_for_another_try, refuse, fail):
    action(f"till.{_function.__name__}")(_function)
    action(f"till.{_function.__name__}.outside", atomic=False)(_function)
