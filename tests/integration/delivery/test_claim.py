"""Which deliveries a worker takes, and what it writes when it does."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from detent.trigger.delivery.claim import claim
from detent.trigger.delivery.database_clock import DatabaseNow
from detent.trigger.models import Delivery
from tests.integration.delivery.conftest import Register
from tests.integration.delivery.factories import fresh, make_delivery, make_event

pytestmark = pytest.mark.django_db

LEASE = timedelta(seconds=60)


@pytest.fixture
def action(register: Register) -> str:
    def act(delivery: Delivery) -> None: ...

    return register(act)


def take(limit: int = 10) -> list[Delivery]:
    return claim("default", worker="w", limit=limit, lease=LEASE)


def test_a_due_delivery_is_taken_with_a_lease_an_epoch_and_an_attempt(action: str) -> None:
    made = make_delivery(action)
    (claimed,) = take()
    assert claimed.pk == made.pk
    assert (claimed.state, claimed.epoch, claimed.attempts, claimed.worker) == ("running", 1, 1, "w")
    held = Delivery.objects.annotate(rest=F("lease") - DatabaseNow()).get()
    assert timedelta(seconds=50) < held.rest <= LEASE


def test_what_is_taken_is_not_taken_again(action: str) -> None:
    make_delivery(action)
    assert len(take()) == 1
    assert take() == []


def test_what_is_due_later_is_left(action: str) -> None:
    make_delivery(action, due=DatabaseNow(timedelta(seconds=30)))
    assert take() == []


@pytest.mark.parametrize("state", ["running", "done", "dead", "cancelled"])
def test_only_what_waits_is_taken(action: str, state: str) -> None:
    make_delivery(action, state=state)
    assert take() == []


def test_higher_priority_goes_first_then_what_was_due_earlier_then_what_was_made_earlier(action: str) -> None:
    moment = fresh(make_delivery(action, state="done")).now
    late = make_delivery(action, due=moment)
    early, twin = (make_delivery(action, due=moment - timedelta(seconds=5)) for _ in range(2))
    urgent = make_delivery(action, due=moment, priority=5)
    expected = [urgent.pk, early.pk, twin.pk, late.pk]
    assert [claimed.pk for claimed in take()] == expected


def test_no_more_are_taken_than_asked_for(action: str) -> None:
    for _ in range(3):
        make_delivery(action)
    assert [len(take(2)), len(take(2)), len(take(2))] == [2, 1, 0]


def test_an_action_that_this_process_does_not_know_is_left_to_one_that_does(action: str) -> None:
    foreign = make_delivery("newer.action", priority=9)
    known = make_delivery(action)
    assert [claimed.pk for claimed in take()] == [known.pk]
    assert (fresh(foreign).state, fresh(foreign).attempts) == ("waiting", 0)


def test_event_and_occurrence_come_with_the_claim(
    action: str, django_assert_num_queries: "pytest.FixtureRequest"
) -> None:
    make_delivery(action, data={"order": 17})
    (claimed,) = take()
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert claimed.event.occurrence.data == {"order": 17}


def test_what_hardly_an_action_asks_for_is_read_when_one_does(action: str) -> None:
    make_delivery(action, error="before")
    (claimed,) = take()
    assert (claimed.error, claimed.finished, claimed.event.description) == ("before", None, {})
    assert claimed.event.occurrence.recorded


def test_the_clock_is_the_databases_even_inside_a_transaction() -> None:
    """CURRENT_TIMESTAMP stands still in a transaction of PostgreSQL; the clock by which leases go does not."""
    with connection.cursor() as cursor:
        sql, parameters = DatabaseNow().as_sql(None, connection)  # type: ignore[arg-type]
        cursor.execute(f"SELECT {sql}", parameters)
        first = later = cursor.fetchone()
        while later == first:
            cursor.execute(f"SELECT {sql}", parameters)
            later = cursor.fetchone()
    assert later > first


def test_among_many_finished_ones_a_claim_goes_by_the_index(action: str) -> None:
    """However many rows there are, it reads those that it takes: PostgreSQL says so in its plan."""
    if connection.vendor != "postgresql":
        pytest.skip("The plan is PostgreSQL's.")
    event = make_event()
    Delivery.objects.bulk_create(
        [Delivery(event=event, action=action, position=number, state="done") for number in range(20_000)]
        + [Delivery(event=event, action=action, position=20_000 + number) for number in range(200)]
    )
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as queries:
        cursor.execute("ANALYZE trigger_delivery")
        assert len(take(100)) == 100
        (statement,) = [query["sql"] for query in queries if "SKIP LOCKED" in query["sql"]]
        cursor.execute(f"EXPLAIN {statement}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Scan using trigger_delivery_claim" in plan
    assert "Index Scan using trigger_delivery_pkey" in plan
    assert "Seq Scan on trigger_delivery" not in plan
    assert plan.count("hashed SubPlan") == 2
