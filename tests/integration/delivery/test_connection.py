"""An action that leaves the worker's connection in disorder fails alone."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from detent.trigger.delivery.worker import Worker
from detent.trigger.models import Delivery, Ruleset
from tests.integration.delivery.conftest import Register
from tests.integration.delivery.factories import fresh, make_delivery

pytestmark = pytest.mark.django_db(transaction=True)


def leave_a_transaction_open(delivery: Delivery) -> None:
    transaction.atomic().__enter__()
    Ruleset.objects.create(token="lost")


def leave_a_savepoint_in_a_transaction_open(delivery: Delivery) -> None:
    transaction.atomic().__enter__()
    transaction.atomic().__enter__()
    Ruleset.objects.create(token="lost")


def swallow_a_database_error(delivery: Delivery) -> None:
    Ruleset.objects.create(token="lost")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nonsense FROM nowhere")
    except DatabaseError:
        transaction.set_rollback(True)


def close_the_connection(delivery: Delivery) -> None:
    Ruleset.objects.create(token="lost")
    connection.close()


def switch_autocommit_off(delivery: Delivery) -> None:
    transaction.set_autocommit(False)
    Ruleset.objects.create(token="lost")


def break_the_connection(delivery: Delivery) -> None:
    Ruleset.objects.create(token="lost")
    connection.connection.close()
    connection.cursor().execute("SELECT 1")


IN_A_TRANSACTION = [
    leave_a_transaction_open,
    leave_a_savepoint_in_a_transaction_open,
    swallow_a_database_error,
    close_the_connection,
    break_the_connection,
]
OUTSIDE = [leave_a_transaction_open, leave_a_savepoint_in_a_transaction_open, switch_autocommit_off]


def run_beside_a_good_one(register: Register, action: Callable[[Delivery], None], *, atomic: bool) -> Delivery:
    """Run an action that is bad for the connection, then a good one that must not notice; return the first's row."""

    def good(delivery: Delivery) -> None:
        Ruleset.objects.create(token="kept")

    bad = make_delivery(register(action, atomic=atomic), priority=1)
    other = make_delivery(register(good))
    assert Worker().run_once() == 2
    assert fresh(other).state == "done"
    assert not connection.in_atomic_block
    assert connection.get_autocommit()
    return fresh(bad)


@pytest.mark.parametrize("action", IN_A_TRANSACTION)
def test_an_atomic_action_that_spoils_its_transaction_is_undone_and_retried(
    register: Register, action: Callable[[Delivery], None]
) -> None:
    bad = run_beside_a_good_one(register, action, atomic=True)
    assert bad.state == "waiting"
    assert bad.error
    assert [row.token for row in Ruleset.objects.all()] == ["kept"]


@pytest.mark.parametrize("action", OUTSIDE)
def test_an_action_outside_a_transaction_that_leaves_one_open_is_retried_with_the_reason(
    register: Register, action: Callable[[Delivery], None]
) -> None:
    bad = run_beside_a_good_one(register, action, atomic=False)
    assert bad.state == "waiting"
    assert "left a transaction open" in bad.error
    assert [row.token for row in Ruleset.objects.all()] == ["kept"]


def break_silently(delivery: Delivery) -> None:
    connection.connection.close()


def test_an_atomic_action_that_breaks_the_connection_and_says_nothing_is_retried(register: Register) -> None:
    assert run_beside_a_good_one(register, break_silently, atomic=True).state == "waiting"


def test_what_an_action_outside_a_transaction_did_is_kept_though_it_broke_the_connection(register: Register) -> None:
    assert run_beside_a_good_one(register, break_silently, atomic=False).state == "done"
