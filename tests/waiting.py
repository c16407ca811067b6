"""Waiting for what other threads and processes bring about."""

import time
from collections.abc import Callable

PATIENCE_SECONDS = 60


def wait_until(
    condition: Callable[[], object], what: str, *, patience: float = PATIENCE_SECONDS, every: float = 0.01
) -> None:
    """Return when something has come about.

    Args:
        condition: Whether it has.
        what: How to call it if it does not come.
        patience: How long to wait, in seconds.
        every: How long to wait between two looks, in seconds.

    Raises:
        AssertionError: It has not come in that time.
    """
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, f"not within {patience} s: {what}"
        time.sleep(every)
