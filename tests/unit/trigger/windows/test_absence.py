"""Absence, without a database."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from detent.trigger.windows.absence import Absence
from detent.trigger.windows.entry import BOTH, ENDS, OPENS
from detent.trigger.windows.outcomes import CANCELLED, FIRED, HEARD, HELD, REPEATED, STOPPED
from tests.unit.trigger.windows.turns import Key, at, moments, seconds

lengths = st.integers(1, 15)
FOREVER = 1000


def absence(within: float, grace: float = 0) -> Absence:
    return Absence("${subject}", "{}", seconds(within), seconds(grace))


def naive(opens: list[int], ends: list[int], within: int) -> list[int]:
    """Follow one absence at a time through everything in order; ends first where both occur at once."""
    fired: list[int] = []
    opened: int | None = None
    for time in sorted({*opens, *ends, FOREVER}):
        if opened is not None and time > opened + within:
            fired.append(opened)
            opened = None
        if time in ends:
            opened = None
        if time in opens and opened is None:
            opened = time
    return fired


@given(opens=moments, ends=moments, within=lengths)
def test_what_is_known_when_it_is_due_fires_as_the_naive_model_says(
    opens: list[int], ends: list[int], within: int
) -> None:
    key = Key(absence(within))
    key.take(*ends, part=ENDS)
    key.take(*opens, part=OPENS)
    key.turn(now=FOREVER)
    assert sorted(key.with_outcome(FIRED)) == naive(opens, ends, within)
    assert key.with_outcome(HEARD) == sorted(ends)


@given(events=st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=20), within=lengths)
def test_in_whatever_order_events_come_before_the_first_is_due_the_same_fire(
    events: list[tuple[int, bool]], within: int
) -> None:
    """Each is decided in a turn of its own, while none is due yet."""
    key = Key(absence(within))
    for time, opens in events:
        key.take(time, part=OPENS if opens else ENDS)
        key.turn(now=-1)
    key.turn(now=FOREVER)
    opened = [time for time, opens in events if opens]
    assert sorted(key.with_outcome(FIRED)) == naive(opened, [time for time, opens in events if not opens], within)


@given(times=moments, within=lengths)
def test_a_heartbeat_that_is_missed_fires(times: list[int], within: int) -> None:
    """Each one both ends the wait for itself and begins the wait for the next."""
    key = Key(absence(within))
    for time in sorted(times):
        key.take(time, part=BOTH)
        key.turn(now=time)
    key.turn(now=FOREVER)
    beats = sorted({*times})
    missed = [beat for beat, following in zip(beats, [*beats[1:], FOREVER], strict=False) if following > beat + within]
    assert key.with_outcome(FIRED) == missed


def test_it_fires_when_the_time_has_passed_and_the_grace_too() -> None:
    key = Key(absence(10, grace=5))
    key.take(0, part=OPENS)
    key.turn(now=14.9)
    assert key.outcomes() == [HELD]
    assert key.due == at(15)
    key.turn(now=15)
    assert key.outcomes() == [FIRED]


def test_what_occurs_in_time_cancels_also_if_it_is_heard_in_the_grace() -> None:
    key = Key(absence(10, grace=5))
    key.take(0, part=OPENS)
    key.turn(now=12)
    key.take(10, part=ENDS)
    key.turn(now=13)
    assert key.outcomes() == [CANCELLED, HEARD]
    assert key.reasons == {1: "Event 2 came in time.", 2: "It cancelled event 1."}
    assert key.due is None


def test_what_occurs_at_the_same_moment_or_too_late_does_not_cancel() -> None:
    key = Key(absence(10))
    key.take(0, part=OPENS)
    key.take(0, 10.001, part=ENDS)
    key.turn(now=11)
    assert key.outcomes() == [FIRED, HEARD, HEARD]


def test_a_second_one_does_not_restart_it() -> None:
    key = Key(absence(10))
    key.take(0, 5, part=OPENS)
    key.turn(now=5)
    assert key.outcomes() == [HELD, REPEATED]
    assert key.due == at(10)


def test_a_second_one_opens_it_after_all_if_something_late_shows_that_the_first_was_over() -> None:
    key = Key(absence(10))
    key.take(0, 5, part=OPENS)
    key.turn(now=5)
    key.take(3, part=ENDS)
    key.turn(now=6)
    assert key.outcomes() == [CANCELLED, HELD, HEARD]
    assert key.due == at(15)


def test_what_comes_after_it_has_fired_is_noted_and_not_undone() -> None:
    key = Key(absence(10))
    key.take(0, part=OPENS)
    key.turn(now=10)
    (late,) = key.take(9, part=ENDS)
    key.turn(now=11)
    assert key.outcomes() == [FIRED, HEARD]
    assert key.reasons[late] == "It came too late: event 1 had fired, which is not undone."


def test_one_that_comes_after_its_absence_has_fired_does_not_fire_again() -> None:
    key = Key(absence(10))
    key.take(5, part=OPENS)
    key.turn(now=15)
    key.take(0, 7, part=OPENS)
    key.turn(now=100)
    assert key.outcomes() == [FIRED, REPEATED, REPEATED]


def test_without_a_listener_it_is_stopped() -> None:
    """Nobody can know whether what would cancel it has come."""
    key = Key(absence(10))
    key.take(0, part=OPENS)
    key.entries[1] = replace(key.entries[1], is_listened_for=False)
    key.turn(now=10)
    assert key.outcomes() == [STOPPED]
    assert "nobody heard" in key.reasons[1]
