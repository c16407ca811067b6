"""Cron expressions: how they are read, and the moments they mark, also where clocks change."""

import pickle
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim
from hypothesis import given
from hypothesis import strategies as st

from detent.schedules import Cron, InvalidSchedule, NaiveMoment

SOME_DAY = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)
EARLY = datetime(2009, 1, 1, 0, 0, 30, tzinfo=UTC)
ONE_MINUTE = timedelta(minutes=1)
# Clocks there change by an hour; by half an hour; at midnight; not at all; and on Samoa once by a whole day.
ZONES = ["Europe/Stockholm", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "UTC", "Pacific/Apia"]

minutes = st.sampled_from(["*", "0", "30", "*/15", "5,35", "10-20", "59"])
hours = st.sampled_from(["*", "0", "2", "*/3", "1,2,3", "0-23", "23"])
days = st.sampled_from(["*", "1", "L", "LW", "10-20", "*/5", "31"])
months = st.sampled_from(["*", "1", "3,4,9,10,11,12", "JAN-JUN"])
weekdays = st.sampled_from(["*", "MON", "0,7", "5L", "SUN#1", "1-5"])
expressions = st.tuples(minutes, hours, days, months, weekdays).map(" ".join)
moments = st.integers(0, 24 * 525_600).map(lambda minutes: EARLY + minutes * ONE_MINUTE)


def slots(expression: str, zone: str, day: str) -> list[str]:
    """Return the slots of a local date, as its clocks show them, with the offset."""
    cron, start = Cron(expression, zone), datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone))
    found = cron.slots(start - timedelta(microseconds=1), start + timedelta(days=1, hours=1), at_most=100).newest
    local = (slot.astimezone(ZoneInfo(zone)) for slot in found)
    return [moment.strftime("%H:%M%z") for moment in local if moment.date() == start.date()]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("0 2 * * *", "2026-05-05T02:00"),
        ("*/15 * * * *", "2026-05-04T12:45"),
        ("0 9 1 * *", "2026-06-01T09:00"),
        ("0 9 L * *", "2026-05-31T09:00"),
        ("0 9 LW * *", "2026-05-29T09:00"),
        ("0 9 * * MON#2", "2026-05-11T09:00"),
        ("0 9 * * 5L", "2026-05-29T09:00"),
        ("0 9 29 2 *", "2028-02-29T09:00"),
        ("0 9 13 * FRI", "2026-05-08T09:00"),
        ("0 0 * 2 mon#5", "2044-02-29T00:00"),
    ],
)
def test_the_next_slot_is_the_first_that_fits(expression: str, expected: str) -> None:
    assert Cron(expression, "UTC").next_after(SOME_DAY) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_a_slot_itself_is_followed_by_the_next_one() -> None:
    cron = Cron("0 2 * * *", "UTC")
    first = cron.next_after(SOME_DAY)
    assert cron.next_after(first) == first + timedelta(days=1)


def test_an_expression_is_read_on_the_clocks_of_its_zone() -> None:
    slot = Cron("0 9 * * *", "Asia/Tokyo").next_after(SOME_DAY)
    assert slot == datetime(2026, 5, 5, tzinfo=UTC)
    assert slot.tzinfo is UTC


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("30 2 * * *", ["03:00+0200"]),
        ("0,30 2 * * *", ["03:00+0200"]),
        ("30 1-3 * * *", ["01:30+0100", "03:00+0200", "03:30+0200"]),
        ("0 3 * * *", ["03:00+0200"]),
        ("0 2,3 * * *", ["03:00+0200"]),
        ("30 * * 3 *", [f"{hour:02}:30+0{1 if hour < 2 else 2}00" for hour in range(24) if hour != 2]),
        ("30 */2 * * *", ["00:30+0100", *(f"{hour:02}:30+0200" for hour in range(4, 24, 2))]),
        ("*/30 2 * * *", []),
    ],
)
def test_a_time_that_clocks_skip(expression: str, expected: list[str]) -> None:
    """In Stockholm they went from 02:00 to 03:00.

    Where hour and minute are fixed, its slot is the moment at which they skip it; where one of them begins with "*",
    there is none.
    """
    assert slots(expression, "Europe/Stockholm", "2026-03-29") == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("30 2 * * *", ["02:30+0200"]),
        ("0 2,3 * * *", ["02:00+0200", "03:00+0100"]),
        ("30 1-3 * * *", ["01:30+0200", "02:30+0200", "03:30+0100"]),
        (
            "30 */2 * * *",
            ["00:30+0200", "02:30+0200", "02:30+0100", *(f"{hour:02}:30+0100" for hour in range(4, 24, 2))],
        ),
        ("*/30 2 * * *", ["02:00+0200", "02:30+0200", "02:00+0100", "02:30+0100"]),
    ],
)
def test_a_time_that_clocks_show_twice(expression: str, expected: list[str]) -> None:
    """In Stockholm they went from 03:00 back to 02:00.

    Where hour and minute are fixed, the first is the slot; where one of them begins with "*", both are.
    """
    assert slots(expression, "Europe/Stockholm", "2026-10-25") == expected


def test_an_hourly_pattern_has_a_slot_each_hour_that_passes() -> None:
    """On the day of 23 hours, and on that of 25."""
    hourly, zone = Cron("0 * * * *", "Europe/Stockholm"), ZoneInfo("Europe/Stockholm")
    for month, day, hours_of_day in ((3, 29, 23), (10, 25, 25)):
        midnight = datetime(2026, month, day, tzinfo=zone)
        found = hourly.slots(midnight - ONE_MINUTE, midnight + timedelta(days=1) - ONE_MINUTE, at_most=50)
        assert found.total == hours_of_day
        assert {later - earlier for earlier, later in pairwise(found.newest)} == {timedelta(hours=1)}


def test_a_daily_slot_is_there_once_a_day_the_year_round() -> None:
    found = Cron("30 2 * * *", "America/New_York").slots(
        datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC), at_most=400
    )
    dates = [slot.astimezone(ZoneInfo("America/New_York")).date() for slot in found.newest]
    assert len(dates) == len(set(dates)) == found.total == 365


def test_a_gap_may_end_at_midnight() -> None:
    """In Nuuk clocks went from 23:00 on Saturday to 00:00 on Sunday, which has a slot of its own then."""
    cron, zone = Cron("0,30 0,23 * * *", "America/Nuuk"), ZoneInfo("America/Nuuk")
    evening = datetime(2024, 3, 30, 22, 0, tzinfo=zone)
    found = cron.slots(evening, evening + timedelta(hours=3), at_most=10).newest
    assert [slot.astimezone(zone).strftime("%d %H:%M") for slot in found] == ["31 00:00", "31 00:30"]


def test_an_hour_that_is_half_skipped() -> None:
    """On Lord Howe Island clocks went from 02:00 to 02:30."""
    assert slots("15,45 2 * * *", "Australia/Lord_Howe", "2026-10-04") == ["02:30+1100", "02:45+1100"]


@given(expressions, moments, st.sampled_from(ZONES))
def test_the_next_slot_is_after_the_moment_and_none_is_skipped(expression: str, moment: datetime, zone: str) -> None:
    """Counting from one slot to the next finds just that one."""
    try:
        cron = Cron(expression, zone)
    except InvalidSchedule:
        return
    slot = cron.next_after(moment)
    assert slot > moment
    assert cron.slots(moment, slot, at_most=10) == (1, (slot,))


@given(expressions, moments, st.sampled_from(["Europe/Stockholm", "America/New_York", "UTC"]))
def test_slots_are_those_of_the_library(expression: str, moment: datetime, zone: str) -> None:
    """But for one that is past, with which it may begin as it takes the second of two equal times for the first."""
    try:
        cron = Cron(expression, zone)
    except InvalidSchedule:
        return
    library = CronSim(expression, moment.astimezone(ZoneInfo(zone)))
    for _ in range(20):
        expected = next(slot for each in library if (slot := each.astimezone(UTC)) > moment)
        moment = cron.next_after(moment)
        assert moment == expected


@given(
    expressions, moments, st.timedeltas(timedelta(0), timedelta(days=40)), st.sampled_from(ZONES), st.integers(1, 50)
)
def test_slots_are_counted_and_the_newest_are_returned(
    expression: str, after: datetime, length: timedelta, zone: str, at_most: int
) -> None:
    try:
        cron = Cron(expression, zone)
    except InvalidSchedule:
        return
    found = cron.slots(after, after + length, at_most=at_most)
    assert len(found.newest) == min(found.total, at_most)
    if found.total <= at_most:
        one_by_one = [after]
        while (slot := cron.next_after(one_by_one[-1])) <= after + length:
            one_by_one.append(slot)
        assert list(found.newest) == one_by_one[1:]


def test_every_minute_of_a_year_is_counted_without_visiting_each() -> None:
    year = Cron("* * * * *", "Europe/Stockholm").slots(
        datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC), at_most=2
    )
    assert year == (525_600, (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)))


@pytest.mark.parametrize(
    "expression",
    [
        *("", "* * * *", "* * * * * *", "@daily", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8"),
        *("*/0 * * * *", "5-1 * * * *", "a * * * *", "0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 */30 2 MON#5"),
        *("0 0 * * MON#6", "0 0 L-3 * *", "- * * * *", ", * * * *", "* * * * * " + "9" * 5000, "٣ * * * *", None, 7),
    ],
)
def test_what_is_no_expression_is_refused_with_a_reason(expression: str) -> None:
    """So is one that fits no date, such as 30 February."""
    with pytest.raises(InvalidSchedule) as refused:
        Cron(expression, "UTC")
    assert refused.value.schedule == expression
    assert refused.value.reason


@given(st.text("0123456789*/-,#LWMONSU ", max_size=20).map(lambda text: f"{text} * * *"))
def test_whatever_the_text_it_is_an_expression_or_refused(text: str) -> None:
    """Never another error, which would stop a worker."""
    with suppress(InvalidSchedule):
        Cron(text, "UTC").next_after(SOME_DAY)


@pytest.mark.parametrize("zone", ["", "Europe", "Mars/Olympus", "../etc/passwd", "/etc/passwd", "A\0B", "é", None])
def test_a_zone_that_there_is_not_is_refused(zone: str) -> None:
    with pytest.raises(InvalidSchedule, match="is no time zone"):
        Cron("* * * * *", zone)


def test_a_slot_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(InvalidSchedule, match="out of reach"):
        Cron("0 0 1 1 *", "UTC").next_after(datetime(9999, 6, 1, tzinfo=UTC))


def test_moments_without_time_zone_are_refused() -> None:
    with pytest.raises(NaiveMoment):
        Cron("* * * * *", "UTC").next_after(datetime(2026, 1, 1))  # noqa: DTZ001


def test_equal_expressions_in_equal_zones_are_equal_and_survive_pickling() -> None:
    cron = Cron("0 2 * * *", "UTC")
    assert cron == pickle.loads(pickle.dumps(cron)) == Cron("0 2 * * *", "UTC") != Cron("0 2 * * *", "Asia/Tokyo")
    assert str(cron) == "0 2 * * * UTC"
