"""What a tick reads: the rules that are due, however many others there are."""

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

from detent.trigger.clock import turn
from detent.trigger.clock.turn import tick
from detent.trigger.models import ClockSchedule
from detent.trigger.ruleset import current_ruleset
from tests.integration.clock.conftest import FakeClock
from tests.integration.clock.factories import clock_rule
from tests.integration.trigger.factories import statements

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("others", [1, 150])
def test_a_tick_costs_as_many_statements_with_few_rules_as_with_many(clock: FakeClock, others: int) -> None:
    """Ten of them due: token, whether any is due, those, occurrences, events, and the rows moved on."""
    for _ in range(others):
        clock_rule("P1D")
    for _ in range(10):
        clock_rule()
    tick("default")
    current_ruleset("default")
    clock.set("13:00")
    with statements() as ran:
        assert tick("default") == 10
    # In tests no snapshot is trusted, so that its token is asked for again; MySQL inserts row by row.
    assert len(ran) <= (9 if connection.features.can_return_rows_from_bulk_insert else 40)
    assert not [statement for statement in ran if 'FROM "trigger_rule"' in statement]


def test_a_tick_reads_the_rows_that_are_due_and_no_others(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    claimed = turn._tickings

    def count(schedules: list[ClockSchedule], *arguments: object) -> object:
        read.append(len(schedules))
        return claimed(schedules, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(turn, "_tickings", count)
    for _ in range(40):
        clock_rule("P1D")
    for _ in range(3):
        clock_rule()
    clock.set("13:00")
    tick("default")
    assert read == [3]


def plan_of(rows: QuerySet[ClockSchedule]) -> str:
    """Return the database's plan; PostgreSQL, which reads a table as small as this as a whole, is kept from that."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off")
        return rows.explain()


def test_the_rows_that_are_due_are_found_and_ordered_by_an_index(clock: FakeClock) -> None:
    clock_rule()
    tick("default")
    moment = ClockSchedule.objects.get().told
    plan = plan_of(turn._due("default", moment)).lower()
    if connection.vendor == "mysql":
        assert "trigger_clock_schedule_due" in plan
    else:
        assert "index" in plan
        assert "due" in plan.split("index")[1]


def test_while_nothing_is_due_a_worker_asks_for_little(clock: FakeClock) -> None:
    """The ruleset's token, and whether anything is due by the time that it has asked for; it begins no transaction."""
    clock_rule()
    tick("default")
    with statements() as ran:
        assert tick("default") == 0
    assert len(ran) == 2
