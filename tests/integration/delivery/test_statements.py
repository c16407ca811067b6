"""How many statements a delivery costs, beside its action's own."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from detent.settings import detent_settings
from detent.trigger.delivery.claim import claim
from detent.trigger.delivery.run import run
from detent.trigger.delivery.worker import Worker
from detent.trigger.models import Delivery
from tests.integration.delivery.conftest import Register
from tests.integration.delivery.factories import make_delivery


def nothing(delivery: Delivery) -> None: ...


def words(queries: CaptureQueriesContext) -> list[str]:
    return [query["sql"].split()[0] for query in queries]


def cost_of(number: int, name: str) -> int:
    """Count the statements of a turn that runs so many deliveries."""
    for _ in range(number):
        make_delivery(name)
    with CaptureQueriesContext(connection) as queries:
        assert Worker().run_once() == number
    return len(queries)


@pytest.mark.django_db(transaction=True)
def test_an_action_outside_a_transaction_costs_its_end_and_its_record_in_one(register: Register) -> None:
    make_delivery(register(nothing, atomic=False))
    (claimed,) = claim("default", worker="w", limit=1, lease=detent_settings().LEASE)
    with CaptureQueriesContext(connection) as queries:
        run(claimed, "default")
    ends = ["SELECT", "UPDATE"] if connection.vendor == "mysql" else ["WITH"]
    assert [word for word in words(queries) if word not in ("BEGIN", "COMMIT")] == [*ends, "INSERT"]


@pytest.mark.django_db(transaction=True)
def test_a_batch_of_actions_outside_a_transaction_costs_no_more_than_one_of_them(register: Register) -> None:
    name = register(nothing, atomic=False)
    cost_of(1, name)
    worker_once = cost_of(1, name)
    assert cost_of(20, name) <= worker_once + 4


@pytest.mark.django_db(transaction=True)
def test_atomic_actions_cost_a_savepoint_each_and_share_the_rest(register: Register) -> None:
    name = register(nothing)
    first = cost_of(1, name)
    assert cost_of(20, name) <= first + 19 * 2 + 6
