"""Exponential backoff with full jitter."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from detent.trigger.delivery.retry import LONGEST, backoff, longest_wait

ATTEMPTS = st.integers(min_value=1, max_value=10**6)


@given(ATTEMPTS)
def test_a_wait_lies_between_nothing_and_its_bound(attempts: int) -> None:
    assert timedelta(0) <= backoff(attempts) <= longest_wait(attempts) <= LONGEST


@given(ATTEMPTS)
def test_the_bound_never_shrinks(attempts: int) -> None:
    assert longest_wait(attempts + 1) >= longest_wait(attempts)


def test_the_bound_doubles_from_one_second_and_stops_at_an_hour() -> None:
    bounds = {attempts: longest_wait(attempts).total_seconds() for attempts in (1, 2, 3, 8, 12, 13, 100)}
    assert bounds == {1: 1, 2: 2, 3: 4, 8: 128, 12: 2048, 13: 3600, 100: 3600}


def test_waits_are_spread_over_the_whole_range() -> None:
    waits = [backoff(10) / longest_wait(10) for _ in range(500)]
    assert min(waits) < 0.1
    assert max(waits) > 0.9
