"""Periods: how they are read and written, and the moments they mark."""

import pickle
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.errors import DetentError
from detent.schedules import InvalidSchedule, NaiveMoment, Period

START = datetime(2024, 3, 5, 14, 20, tzinfo=UTC)
NAIVE = datetime(2024, 3, 5)  # noqa: DTZ001  (what the tests about naive moments are about)

periods = st.timedeltas(min_value=timedelta(microseconds=1), max_value=timedelta(days=4000)).map(Period)
day_divisors = st.sampled_from([1, 2, 5, 10, 15, 20, 30, 60, 90, 120, 180, 240, 360, 480, 720, 1440]).map(
    lambda minutes: Period(timedelta(minutes=minutes))
)
moments = st.datetimes(NAIVE.replace(year=1990), NAIVE.replace(year=2090), timezones=st.timezones())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("PT1H", timedelta(hours=1)),
        ("PT15M", timedelta(minutes=15)),
        ("PT30S", timedelta(seconds=30)),
        ("P2D", timedelta(days=2)),
        ("P1DT2H3M4.5S", timedelta(days=1, hours=2, minutes=3, seconds=4, microseconds=500_000)),
        ("PT24H0M0S", timedelta(days=1)),
        ("P0.5D", timedelta(hours=12)),
        ("PT1.5H", timedelta(minutes=90)),
        ("PT0.000001S", timedelta(microseconds=1)),
        ("PT0.1S", timedelta(milliseconds=100)),
        ("P1DT", timedelta(days=1)),
    ],
)
def test_a_duration_is_read(text: str, duration: timedelta) -> None:
    assert Period.parse(text).duration == duration


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "PT0S",
        "P0DT0H0M0S",
        "1H",
        "P1W",
        "P1M",
        "P1Y",
        "PT1D",
        "P1H",
        "-PT1H",
        "PT-1H",
        "pt1h",
        "PT1H ",
        " PT1H",
        "PT1H\n",
        "PT.5H",
        "PT1.H",
        "PT1,5H",
        "PT1M1H",
        "PT١H",
        "PT0.0000001S",
        "P9999999999D",
        "PT" + "9" * 5000 + "S",
        None,
        3600,
    ],
)
def test_what_is_no_duration_is_refused_with_the_text_and_a_reason(text: str) -> None:
    with pytest.raises(InvalidSchedule) as refused:
        Period.parse(text)
    assert refused.value.schedule == text
    assert refused.value.reason in str(refused.value)


@pytest.mark.parametrize("duration", [timedelta(0), timedelta(seconds=-1)])
def test_a_period_of_no_length_is_refused(duration: timedelta) -> None:
    with pytest.raises(InvalidSchedule, match="longer than zero"):
        Period(duration)


@pytest.mark.parametrize(
    ("text", "written"),
    [("PT24H0M0S", "P1D"), ("PT90M", "PT1H30M"), ("PT0.5S", "PT0.5S"), ("P1DT1S", "P1DT1S"), ("PT60S", "PT1M")],
)
def test_a_period_is_written_in_its_shortest_form(text: str, written: str) -> None:
    assert str(Period.parse(text)) == written


@given(periods)
def test_a_period_reads_back_what_it_writes(period: Period) -> None:
    assert Period.parse(str(period)) == period


def test_errors_are_detent_errors_and_value_errors() -> None:
    for error in (InvalidSchedule, NaiveMoment):
        assert issubclass(error, DetentError)
        assert issubclass(error, ValueError)


@pytest.mark.parametrize("error", [InvalidSchedule("PT", "too short"), NaiveMoment(NAIVE)])
def test_errors_survive_pickling(error: Exception) -> None:
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_an_hour_marks_the_full_hours() -> None:
    assert Period.parse("PT1H").next_after(at("2024-03-05T14:20"), start=START) == at("2024-03-05T15:00")


def test_a_mark_itself_is_followed_by_the_next_one() -> None:
    assert Period.parse("PT1H").next_after(at("2024-03-05T15:00"), start=START) == at("2024-03-05T16:00")


def test_seven_hours_run_on_across_midnight() -> None:
    """The original started anew each midnight: 07, 14, 21, 00."""
    seven_hours = Period.parse("PT7H")
    marks = [at("2024-03-05T14:20")]
    for _ in range(4):
        marks.append(seven_hours.next_after(marks[-1], start=START))
    assert marks[1:] == [at("2024-03-05T21:00"), at("2024-03-06T04:00"), at("2024-03-06T11:00"), at("2024-03-06T18:00")]


def test_forty_eight_hours_are_every_second_day() -> None:
    """The original fired daily."""
    two_days = Period.parse("PT48H")
    assert two_days.next_after(START, start=START) == at("2024-03-07T00:00")
    assert two_days.next_after(at("2024-03-07T00:00"), start=START) == at("2024-03-09T00:00")


def test_a_missed_mark_shifts_nothing() -> None:
    """The original never fired a PT15M rule again after one missed minute."""
    assert Period.parse("PT15M").next_after(at("2024-03-05T15:01"), start=START) == at("2024-03-05T15:15")


def test_other_time_zones_are_taken_and_the_answer_is_in_utc() -> None:
    vienna = timezone(timedelta(hours=1))
    mark = Period.parse("P1D").next_after(datetime(2024, 3, 6, 0, 30, tzinfo=vienna), start=START)
    assert mark == at("2024-03-06T00:00")
    assert mark.tzinfo is UTC


def test_moments_without_time_zone_are_refused() -> None:
    for moment, start in ((NAIVE, START), (START, NAIVE)):
        with pytest.raises(NaiveMoment, match="has no time zone"):
            Period.parse("PT1H").next_after(moment, start=start)


def test_a_mark_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(InvalidSchedule, match="out of reach"):
        Period.parse("P4000000D").next_after(START, start=START)


@given(periods, moments, moments)
def test_the_next_mark_is_after_the_moment_and_none_is_skipped(
    period: Period, moment: datetime, start: datetime
) -> None:
    mark = period.next_after(moment, start=start)
    assert mark > moment
    assert mark - period.duration <= moment


@given(periods, moments, moments)
def test_every_mark_is_a_whole_number_of_periods_from_the_midnight_of_the_start(
    period: Period, moment: datetime, start: datetime
) -> None:
    midnight = start.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    assert (period.next_after(moment, start=start) - midnight) % period.duration == timedelta(0)


@given(day_divisors, moments, moments)
def test_a_period_that_divides_a_day_marks_the_same_times_whenever_it_started(
    period: Period, moment: datetime, start: datetime
) -> None:
    mark = period.next_after(moment, start=start)
    assert mark == period.next_after(moment, start=moment)
    midnight = mark.replace(hour=0, minute=0, second=0, microsecond=0)
    assert (mark - midnight) % period.duration == timedelta(0)
