"""Throttle, without a database."""

from hypothesis import given
from hypothesis import strategies as st

from detent.trigger.windows.outcomes import FIRED, THROTTLED
from detent.trigger.windows.throttle import Throttle
from tests.unit.trigger.windows.turns import Key, at, in_turns, moments, seconds

limits = st.integers(1, 4)
lengths = st.integers(1, 15)
sizes = st.lists(st.integers(1, 5), max_size=20)


def throttle(limit: int, per: float) -> Throttle:
    return Throttle("${subject}", limit, seconds(per))


def naive(times: list[int], limit: int, per: int) -> list[int]:
    """Fire each that has fewer than the limit before it, in the order of occurrence."""
    fired: list[int] = []
    for time in sorted(times):
        if sum(time - per < other for other in fired) < limit:
            fired.append(time)
    return fired


@given(times=moments, limit=limits, per=lengths, sizes=sizes)
def test_events_in_order_fire_as_the_naive_model_says_in_whatever_portions_they_come(
    times: list[int], limit: int, per: int, sizes: list[int]
) -> None:
    key = Key(throttle(limit, per))
    in_turns(key, sorted(times), sizes)
    assert key.with_outcome(FIRED) == naive(times, limit, per)
    assert len(key.with_outcome(FIRED)) + len(key.with_outcome(THROTTLED)) == len(times)


@given(times=moments, limit=limits, per=lengths, sizes=sizes)
def test_whatever_the_order_in_which_events_come_no_stretch_of_time_has_more_than_the_limit(
    times: list[int], limit: int, per: int, sizes: list[int]
) -> None:
    key = Key(throttle(limit, per))
    in_turns(key, times, sizes)
    fired = key.with_outcome(FIRED)
    assert all(sum(start <= time < start + per for time in fired) <= limit for start in range(41))


@given(times=moments, limit=limits, per=lengths, sizes=sizes)
def test_no_event_is_throttled_that_would_have_had_room(
    times: list[int], limit: int, per: int, sizes: list[int]
) -> None:
    key = Key(throttle(limit, per))
    in_turns(key, times, sizes)
    fired = key.with_outcome(FIRED)
    for time in key.with_outcome(THROTTLED):
        assert any(sum(start <= one < start + per for one in [*fired, time]) > limit for start in range(-15, 41))


def test_the_window_slides() -> None:
    """It is not a bucket that begins anew at the full hour: each stretch of that length counts."""
    key = Key(throttle(2, 10))
    key.take(0, 9, 10, 11, 19)
    key.turn(now=19)
    assert key.with_outcome(FIRED) == [0, 9, 10, 19]


def test_an_event_that_comes_late_fires_only_if_no_stretch_around_it_is_full() -> None:
    key = Key(throttle(1, 10))
    key.take(20)
    key.turn(now=20)
    late, too_near = key.take(5, 12)
    key.turn(now=21)
    assert key.outcomes([late, too_near]) == [FIRED, THROTTLED]


def test_a_throttled_event_says_why() -> None:
    key = Key(throttle(1, 90))
    key.take(0, 1)
    key.turn(now=1)
    assert key.reasons[2] == "The limit of 1 in PT1M30S was reached."


def test_a_revision_counts_what_fired_before_it_by_its_own_figures() -> None:
    key = Key(throttle(1, 10))
    key.take(0, 1)
    key.turn(now=1)
    key.take(2, 3, window=throttle(2, 10))
    key.turn(now=3)
    assert key.with_outcome(FIRED) == [0, 2]


def test_moments_at_the_ends_of_all_time_can_be_throttled() -> None:
    """No arithmetic with the longest durations overflows."""
    window = Throttle("", 1, seconds(999_999_999 * 86_400))
    assert window.has_room(at(0), [])
    assert not window.has_room(at(0), [at(-1)])
