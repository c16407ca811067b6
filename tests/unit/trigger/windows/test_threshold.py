"""Threshold, without a database."""

from hypothesis import given
from hypothesis import strategies as st

from detent.trigger.windows.outcomes import COUNTED, COUNTING, FIRED
from detent.trigger.windows.threshold import Threshold
from tests.unit.trigger.windows.turns import Key, in_turns, moments, seconds

counts = st.integers(1, 4)
lengths = st.integers(1, 15)
sizes = st.lists(st.integers(1, 5), max_size=20)


def threshold(count: int, within: float) -> Threshold:
    return Threshold("${subject}", count, seconds(within))


def naive(times: list[int], count: int, within: int) -> list[int]:
    """Count those of the last stretch since the last one that fired."""
    fired, counting = [], list[int]()
    for time in sorted(times):
        counting = [other for other in counting if other > time - within] + [time]
        if len(counting) == count:
            fired.append(time)
            counting = []
    return fired


@given(times=moments, count=counts, within=lengths, sizes=sizes)
def test_events_in_order_fire_as_the_naive_model_says_in_whatever_portions_they_come(
    times: list[int], count: int, within: int, sizes: list[int]
) -> None:
    key = Key(threshold(count, within))
    in_turns(key, sorted(times), sizes)
    assert key.with_outcome(FIRED) == naive(times, count, within)


@given(times=moments, count=counts, within=lengths, sizes=sizes)
def test_each_event_counts_once_whatever_the_order_in_which_they_come(
    times: list[int], count: int, within: int, sizes: list[int]
) -> None:
    """For each that fires, one less than the count have counted; all are accounted for."""
    key = Key(threshold(count, within))
    in_turns(key, times, sizes)
    fired, counted = key.with_outcome(FIRED), key.with_outcome(COUNTED)
    assert len(counted) == len(fired) * (count - 1)
    assert len(fired) + len(counted) + len(key.with_outcome(COUNTING)) == len(times)


@given(times=moments, count=counts, within=lengths, sizes=sizes)
def test_what_is_left_counting_never_makes_a_full_count(
    times: list[int], count: int, within: int, sizes: list[int]
) -> None:
    key = Key(threshold(count, within))
    in_turns(key, times, sizes)
    counting = key.with_outcome(COUNTING)
    assert all(sum(start <= time < start + within for time in counting) < count for start in range(41))


def test_the_third_of_three_fires_and_counting_starts_again() -> None:
    key = Key(threshold(3, 10))
    key.take(0, 1, 2, 3, 4, 5)
    key.turn(now=5)
    assert key.outcomes() == [COUNTED, COUNTED, FIRED, COUNTED, COUNTED, FIRED]
    assert key.reasons[1] == "Event 3 fired with it."


def test_one_that_comes_late_completes_a_count() -> None:
    key = Key(threshold(3, 10))
    key.take(0, 2)
    key.turn(now=2)
    (late,) = key.take(1)
    key.turn(now=3)
    assert key.outcomes([late]) == [FIRED]


def test_those_that_are_too_old_count_no_more() -> None:
    key = Key(threshold(2, 10))
    key.take(0)
    key.turn(now=0)
    key.take(10)
    key.turn(now=10)
    assert key.outcomes() == [COUNTING, COUNTING]


def test_a_revision_that_asks_for_fewer_counts_those_that_came_before_it() -> None:
    key = Key(threshold(5, 10))
    key.take(0, 1)
    key.turn(now=1)
    key.take(2, window=threshold(3, 10))
    key.turn(now=2)
    assert key.outcomes() == [COUNTED, COUNTED, FIRED]
