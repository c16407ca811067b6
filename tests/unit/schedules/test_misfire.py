"""What becomes of slots that have passed: which get a tick, and that every one is accounted for."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.schedules import Misfire, Period, Slots, Tick

NOW = datetime(2026, 5, 4, 12, 0, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
FOUR = Slots(4, tuple(NOW - timedelta(seconds=30) - hours * HOUR for hours in (3, 2, 1, 0)))


@pytest.mark.parametrize(
    ("policy", "ticks"),
    [
        (Misfire.SKIP, [Tick(FOUR.newest[3], 3)]),
        (Misfire.ONCE, [Tick(FOUR.newest[3], 3)]),
        (Misfire.ALL, [Tick(slot, 0) for slot in FOUR.newest]),
    ],
)
def test_each_policy_has_its_ticks(policy: Misfire, ticks: list[Tick]) -> None:
    assert policy.ticks(FOUR, now=NOW, tolerance=timedelta(minutes=1)) == ticks


def test_slots_that_are_too_late_are_skipped() -> None:
    late = NOW + timedelta(minutes=1)
    assert Misfire.SKIP.ticks(FOUR, now=late, tolerance=timedelta(minutes=1)) == []
    assert Misfire.SKIP.ticks(FOUR, now=late, tolerance=2 * HOUR) == [Tick(FOUR.newest[2], 2), Tick(FOUR.newest[3], 0)]


def test_slots_that_are_counted_but_not_returned_are_missed() -> None:
    newest = Slots(1000, FOUR.newest)
    assert Misfire.ALL.ticks(newest, now=NOW, tolerance=HOUR)[0] == Tick(FOUR.newest[0], 996)


@given(
    st.sampled_from(Misfire),
    st.timedeltas(timedelta(minutes=1), timedelta(days=3)).map(Period),
    st.timedeltas(timedelta(0), timedelta(days=60)),
    st.timedeltas(timedelta(0), timedelta(days=2)),
    st.integers(1, 20),
)
def test_every_slot_has_a_tick_or_is_missed(
    policy: Misfire, period: Period, length: timedelta, tolerance: timedelta, at_most: int
) -> None:
    """Unless there is no tick at all that could say it."""
    slots = period.slots(NOW - length, NOW, start=NOW, at_most=at_most)
    ticks = policy.ticks(slots, now=NOW, tolerance=tolerance)
    assert not ticks or len(ticks) + sum(tick.missed for tick in ticks) == slots.total
    assert ticks or policy is Misfire.SKIP or slots.total == 0


@given(
    st.timedeltas(timedelta(minutes=1), timedelta(days=3)).map(Period),
    st.timedeltas(timedelta(0), timedelta(days=60)),
    st.integers(1, 20),
)
def test_the_slots_of_a_period_are_counted_and_the_newest_are_returned(
    period: Period, length: timedelta, at_most: int
) -> None:
    found = period.slots(NOW - length, NOW, start=NOW, at_most=at_most)
    assert found.total in (length // period.duration, length // period.duration + 1)
    assert len(found.newest) == min(found.total, at_most)
    if found.newest:
        assert period.next_after(found.newest[-1], start=NOW) > NOW
    if found.total <= at_most:
        one_by_one = [NOW - length]
        while (slot := period.next_after(one_by_one[-1], start=NOW)) <= NOW:
            one_by_one.append(slot)
        assert list(found.newest) == one_by_one[1:]


@given(st.timedeltas(timedelta(0), timedelta(days=3)), st.integers(1, 20))
def test_a_stretch_in_two_parts_has_the_slots_of_the_whole(cut: timedelta, at_most: int) -> None:
    period, begin = Period(HOUR), NOW - timedelta(days=3)
    bounds = ((begin, begin + cut), (begin + cut, NOW))
    parts = [period.slots(after, until, start=NOW, at_most=at_most) for after, until in bounds]
    assert Slots.joined(parts, at_most) == period.slots(begin, NOW, start=NOW, at_most=at_most)
