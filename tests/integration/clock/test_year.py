"""A year of ticks, across both changes of the clocks and with outages: every scheduled time is accounted for."""

import random
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from detent.schedules import Period
from detent.trigger.clock.turn import tick
from detent.trigger.models import Occurrence, TriggerEvent, TriggerRule
from detent.trigger.types.clock import MOST_MADE_UP
from tests.integration.clock.conftest import FakeClock
from tests.integration.clock.factories import clock_rule

pytestmark = pytest.mark.django_db

MIDNIGHT = datetime(2026, 1, 1, tzinfo=UTC)
BEGIN = MIDNIGHT + timedelta(seconds=30)
END = datetime(2027, 1, 1, tzinfo=UTC)
TOLERANCE = timedelta(hours=1)
POLICIES = ({"misfire": "skip", "tolerance": "PT1H"}, {"misfire": "once"}, {"misfire": "all"})
SCHEDULES = (
    {"schedule": "PT3H"},
    {"schedule": "PT7H"},
    {"cron": "30 2 * * *", "timezone": "Europe/Stockholm"},
    {"cron": "30 1 * * *", "timezone": "America/New_York"},
    {"cron": "15 */2 * * *", "timezone": "Europe/Stockholm"},
)

Tick = tuple[datetime, int]


def slots_by_the_wall(schedule: dict[str, str]) -> list[datetime]:
    """Return a year's slots as somebody finds them who looks at the clock on the wall each quarter of an hour."""
    match schedule:
        case {"schedule": period}:
            duration = Period.parse(period).duration
            return [now for now in each_quarter() if is_whole(now, duration)]
        case {"cron": "15 */2 * * *", "timezone": zone}:
            past = (now for now in each_quarter() if now.minute == 15)
            return [now for now in past if now.astimezone(ZoneInfo(zone)).hour % 2 == 0]
        case {"cron": expression, "timezone": zone}:
            minute, hour = map(int, expression.split()[:2])
            return list(once_a_day(time(hour, minute), ZoneInfo(zone)))
    raise AssertionError(schedule)


def is_whole(now: datetime, period: timedelta) -> bool:
    """Whether a whole number of periods has passed since the first midnight."""
    return (now - MIDNIGHT) % period == timedelta(0)


def each_quarter() -> Iterator[datetime]:
    """Yield the full quarters of an hour of the year: no schedule here has a slot between them."""
    return moments_between(BEGIN, END, timedelta(minutes=15))


def once_a_day(wanted: time, zone: ZoneInfo) -> Iterator[datetime]:
    """Yield when the clocks first show a time, or jump over it, on each day."""
    done, before = None, BEGIN.astimezone(zone)
    for now in each_quarter():
        wall = now.astimezone(zone)
        if wall.date() != done and (wall.time() == wanted or before.time() < wanted < wall.time()):
            done = wall.date()
            yield now
        before = wall


def expected(slots: Sequence[datetime], looks: Sequence[datetime], misfire: str) -> list[Tick]:
    """Return what a policy tells of slots when somebody ticks at certain times."""
    ticks: list[Tick] = []
    missed = 0
    for before, now in pairwise([BEGIN, *looks]):
        passed = slots[bisect_right(slots, before) : bisect_right(slots, now)]
        kept = {"skip": [slot for slot in passed if now - slot <= TOLERANCE], "once": passed[-1:], "all": passed}[
            misfire
        ]
        missed += len(passed) - len(kept)
        for slot in kept:
            ticks.append((slot, missed))
            missed = 0
    return ticks


def looks(chance: random.Random) -> list[datetime]:
    """Return when somebody ticks: mostly within some hours, with outages of some days, and at the end of the year."""
    moments, now = [], BEGIN
    while now < END:
        outage = timedelta(days=chance.uniform(1, 20)) if chance.random() < 0.02 else timedelta(0)
        now += timedelta(hours=chance.expovariate(1 / 16)) + outage
        moments.append(now.replace(microsecond=0))
    return [*(moment for moment in moments if moment < END), END]


def told(rule: TriggerRule) -> list[Tick]:
    """Return the slots of which a rule told, and how many it said were missed."""
    ticks = Occurrence.objects.filter(subject=str(rule.lineage)).order_by("time").values_list("time", "data")
    return [(slot, data["missed"]) for slot, data in ticks]


@pytest.mark.django_db(transaction=True)
def test_every_scheduled_time_of_a_year_is_accounted_for_by_policy(clock: FakeClock) -> None:
    """With a tick of its own, or counted as missed by one; nothing twice, nothing else."""
    if connection.vendor != "sqlite":
        pytest.skip("It is about schedules; other tests show how each database keeps them.")
    clock.set(BEGIN)
    rules = [
        (clock_rule(**schedule, **policy), slots, policy["misfire"])
        for schedule, slots in ((schedule, slots_by_the_wall(schedule)) for schedule in SCHEDULES)
        for policy in POLICIES
    ]
    moments = looks(random.Random(2026))
    for moment in moments:
        clock.set(moment)
        tick("default")
    for rule, slots, misfire in rules:
        ticks = told(rule)
        assert ticks == expected(slots, moments, misfire), rule.configuration
        assert TriggerEvent.objects.filter(rule=rule).count() == len(ticks)
        accounted = len(ticks) + sum(missed for _, missed in ticks)
        assert accounted == bisect_right(slots, ticks[-1][0])
        assert max(missed for _, missed in ticks) < MOST_MADE_UP


@pytest.mark.parametrize("seed", range(3))
def test_rules_that_are_paused_and_revised_account_for_every_scheduled_time_too(clock: FakeClock, seed: int) -> None:
    """By policy, as it stands when somebody ticks; the slots of a revision are those from its making on."""
    chance = random.Random(seed)
    clock.set(BEGIN)
    rule = first = clock_rule("PT1H", misfire="all")
    due: list[datetime] = []
    is_active, begin = True, BEGIN
    for _ in range(60):
        now = begin + timedelta(minutes=chance.randint(1, 600), seconds=chance.randint(1, 29))
        period = Period.parse(rule.configuration["schedule"]).duration
        due += [
            slot
            for slot in moments_between(begin, now, timedelta(minutes=1))
            if (slot - BEGIN.replace(second=0)) % period == timedelta(0)
        ]
        clock.set(now)
        match chance.choice(["tick", "tick", "pause", "resume", "revise"]):
            case "tick":
                tick("default")
                assert not is_active or [slot for slot, _ in told(first)] == due
            case "revise":
                rule = rule.revise({**rule.configuration, "schedule": chance.choice(["PT1H", "PT3H", "PT15M"])})
            case change:
                is_active = change == "resume"
                TriggerRule.objects.filter(pk=rule.pk).update(is_active=is_active)
                rule.refresh_from_db()
        begin = now
    TriggerRule.objects.filter(pk=rule.pk).update(is_active=True)
    tick("default")
    assert told(first) == [(slot, 0) for slot in due]


def moments_between(after: datetime, until: datetime, step: timedelta) -> Iterator[datetime]:
    """Yield every so many minutes, from the full minute of one moment on, up to another."""
    now = after.replace(second=0) + step
    while now <= until:
        yield now
        now += step
