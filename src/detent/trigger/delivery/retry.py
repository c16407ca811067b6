"""How long to wait before a failed delivery is tried again: exponential backoff with full jitter."""

import random
from datetime import timedelta

LONGEST = timedelta(hours=1)
_DOUBLINGS = 32


def longest_wait(attempts: int) -> timedelta:
    """Return the upper bound of the wait: a second after the first attempt, doubling with each one, at most an hour.

    Args:
        attempts: How often the delivery has been tried, from 1.
    """
    doublings = min(attempts - 1, _DOUBLINGS)
    return min(timedelta(seconds=2.0**doublings), LONGEST)


def backoff(attempts: int) -> timedelta:
    """Draw a wait between nothing and its upper bound, so that deliveries that failed together do not return together.

    Args:
        attempts: How often the delivery has been tried, from 1.
    """
    return longest_wait(attempts) * random.random()  # noqa: S311 (spreads load; nothing secret) # nosec B311
