"""A clock that tests put forward: the database's and this process's at once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from detent.trigger.clock import schedules, turn
from detent.trigger.ruleset import forget_ruleset

NOON = datetime(2026, 5, 4, 12, 0, 30, tzinfo=UTC)
"""A Monday, half a minute past twelve."""


class FakeClock:
    """The time that it is said to be, for rules that are made as for those who tick."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller

    def set(self, moment: datetime | str) -> None:
        """Let it be another time; of a text without a date, that time of the same day."""
        if isinstance(moment, str):
            moment = datetime.combine(timezone.now(), datetime.strptime(moment, "%H:%M").time(), tzinfo=UTC)  # noqa: DTZ007
        self._traveller.move_to(moment)

    def forward(self, by: timedelta) -> None:
        """Let some time pass."""
        self._traveller.shift(by)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeClock]:
    """Have a clock that stands at `NOON` until the test moves it."""
    # A rule of an earlier test, rolled back, may have had the same key at the same time.
    forget_ruleset("default")
    for module in (schedules, turn):
        monkeypatch.setattr(module, "database_now", lambda using: timezone.now())
    with time_machine.travel(NOON, tick=False) as traveller:
        yield FakeClock(traveller)
