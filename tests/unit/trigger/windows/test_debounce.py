"""Debounce, without a database."""

from hypothesis import given
from hypothesis import strategies as st

from detent.trigger.windows.debounce import Debounce
from detent.trigger.windows.outcomes import DEBOUNCED, FIRED, HELD
from tests.unit.trigger.windows.turns import Key, at, in_turns, moments, seconds

quiets = st.integers(1, 8)
longest = st.none() | st.integers(8, 20)
sizes = st.lists(st.integers(1, 5), max_size=20)
FOREVER = 1000


def debounce(quiet: float, at_most: float | None = None) -> Debounce:
    return Debounce("${subject}", seconds(quiet), None if at_most is None else seconds(at_most))


def naive(times: list[int], quiet: int, at_most: int | None) -> list[int]:
    """Divide into bursts: another begins after a pause, or when the one before has lasted too long."""
    bursts: list[list[int]] = []
    for time in sorted(times):
        goes_on = bursts and time - bursts[-1][-1] < quiet and (at_most is None or time - bursts[-1][0] < at_most)
        if goes_on:
            bursts[-1].append(time)
        else:
            bursts.append([time])
    return [burst[-1] for burst in bursts]


@given(times=moments, quiet=quiets, at_most=longest, sizes=sizes)
def test_events_in_order_fire_as_the_naive_model_says_in_whatever_portions_they_come(
    times: list[int], quiet: int, at_most: int | None, sizes: list[int]
) -> None:
    key = Key(debounce(quiet, at_most))
    in_turns(key, sorted(times), sizes)
    key.turn(now=FOREVER)
    assert key.with_outcome(FIRED) == naive(times, quiet, at_most)
    assert len(key.with_outcome(FIRED)) + len(key.with_outcome(DEBOUNCED)) == len(times)


@given(times=moments, quiet=quiets, at_most=longest, sizes=sizes)
def test_whatever_the_order_in_which_events_come_the_last_of_all_fires_and_none_is_left(
    times: list[int], quiet: int, at_most: int | None, sizes: list[int]
) -> None:
    key = Key(debounce(quiet, at_most))
    in_turns(key, times, sizes)
    key.turn(now=FOREVER)
    fired = key.with_outcome(FIRED)
    assert (fired[-1:] or [None]) == [max(times, default=None)]
    assert len(fired) + len(key.with_outcome(DEBOUNCED)) == len(times)


@given(times=moments, quiet=quiets, at_most=longest, sizes=sizes)
def test_of_a_burst_no_more_than_two_events_are_held(
    times: list[int], quiet: int, at_most: int | None, sizes: list[int]
) -> None:
    key = Key(debounce(quiet, at_most))
    in_turns(key, times, sizes)
    assert len(key.with_outcome(HELD)) <= 2


def test_the_last_event_fires_when_it_has_been_quiet() -> None:
    key = Key(debounce(10))
    key.take(0, 4, 8)
    key.turn(now=17.9)
    assert key.outcomes() == [HELD, DEBOUNCED, HELD]
    assert key.due == at(18)
    key.turn(now=18)
    assert key.outcomes() == [DEBOUNCED, DEBOUNCED, FIRED]
    assert key.due is None


def test_a_burst_that_does_not_end_fires_after_its_longest_wait() -> None:
    key = Key(debounce(10, at_most=20))
    key.take(0, 5, 10, 15)
    key.turn(now=15)
    assert key.due == at(20)
    key.turn(now=20)
    assert key.with_outcome(FIRED) == [15]


def test_an_event_that_comes_late_moves_the_beginning_of_its_burst() -> None:
    key = Key(debounce(10, at_most=20))
    key.take(10)
    key.turn(now=10)
    key.take(4)
    key.turn(now=11)
    assert key.due == at(20)
    key.take(15)
    key.turn(now=15)
    assert key.due == at(24)


def test_an_event_that_comes_after_its_burst_has_fired_is_debounced_by_those_that_followed_it() -> None:
    key = Key(debounce(10))
    key.take(0, 8)
    key.turn(now=18)
    (late,) = key.take(4)
    key.turn(now=19)
    assert key.outcomes([late]) == [DEBOUNCED]


def test_an_event_of_a_burst_that_nobody_knew_of_fires_at_once() -> None:
    key = Key(debounce(5))
    key.take(100)
    key.turn(now=100)
    early, later = key.take(10, 12)
    key.turn(now=101)
    assert key.outcomes([early, later]) == [DEBOUNCED, FIRED]
    assert key.with_outcome(HELD) == [100]
