"""Actions that the worker processes of the chaos tests run."""

import os
import time
from pathlib import Path

from detent.trigger import Delivery, Retry, action
from detent.trigger.models import Ruleset
from tests.shop.models import Machine

COUNT = "chaos.count"
OUTSIDE = "chaos.outside"
WAIT = "chaos.wait"
WAIT_OUTSIDE = "chaos.wait_outside"
RUINOUS = "chaos.ruinous"
TALLY = "chaos.tally"
WHILE_UP = "chaos.while_up"


@action(COUNT)
def count(delivery: Delivery, *, number: int) -> None:
    """Leave a row behind, by which each effect is counted."""
    Ruleset.objects.create(token=str(number))


@action(OUTSIDE, atomic=False)
def count_outside(delivery: Delivery, *, number: int) -> None:
    """Leave a row behind that is committed before the delivery's end is."""
    Ruleset.objects.create(token=f"outside {number}")


@action(WAIT)
def wait(delivery: Delivery, *, flag: str) -> None:
    """Leave a row behind, and wait for a file."""
    Ruleset.objects.create(token=f"epoch {delivery.epoch}")
    wait_for(Path(flag))


@action(WAIT_OUTSIDE, atomic=False)
def wait_outside(delivery: Delivery, *, flag: str) -> None:
    """Leave a row behind, and wait for a file, in no transaction."""
    Ruleset.objects.create(token=f"epoch {delivery.epoch}")
    wait_for(Path(flag))


def wait_for(file: Path) -> None:
    """Return when a file exists."""
    while not file.exists():
        time.sleep(0.01)


@action(RUINOUS)
def ruin(delivery: Delivery) -> None:
    """Take the whole process along."""
    os._exit(os.EX_SOFTWARE)


@action(TALLY)
def tally(delivery: Delivery, *, number: int) -> None:
    """Leave a row behind as `count` does, in a table that has no other rows though there are rules."""
    Machine.objects.create(name=str(number))


@action(WHILE_UP, atomic=False)
def answer_while_up(delivery: Delivery, *, flag: str) -> None:
    """Leave a row behind for each try, and fail until a file exists."""
    Ruleset.objects.create(token=f"try {delivery.epoch}")
    if not Path(flag).exists():
        raise Retry(after=0, reason="down")
