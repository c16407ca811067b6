"""A lease is renewed for as long as its action runs, and what was not begun is given to others."""

import threading
from datetime import timedelta

import pytest
from pytest_django import Settings

from detent.trigger.delivery.claim import claim
from detent.trigger.delivery.leases import expire_leases, renew
from detent.trigger.delivery.worker import Worker
from detent.trigger.models import Delivery
from tests.integration.delivery.conftest import Register
from tests.integration.delivery.factories import fresh, let_lease_run_out, make_delivery
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 60
MINUTE = timedelta(minutes=1)


def take() -> Delivery:
    (claimed,) = claim("default", worker="w", limit=1, lease=timedelta(seconds=1))
    return claimed


@pytest.fixture
def action(register: Register) -> str:
    def act(delivery: Delivery) -> None: ...

    return register(act)


def test_a_claim_that_holds_is_renewed(action: str) -> None:
    make_delivery(action)
    claimed = take()
    assert renew("default", [claimed], MINUTE) == 1
    row = fresh(claimed)
    assert row.lease is not None
    assert row.lease - row.now > timedelta(seconds=30)


def test_a_claim_that_was_lost_is_not_renewed(action: str) -> None:
    made = make_delivery(action)
    late = take()
    let_lease_run_out(made)
    expire_leases("default")
    assert renew("default", [late], MINUTE) == 0
    again = take()
    assert renew("default", [late], MINUTE) == 0
    assert (fresh(made).epoch, again.epoch) == (2, 2)


def test_an_action_that_takes_many_leases_is_run_once(register: Register, settings: Settings) -> None:
    settings.DETENT = {"LEASE": timedelta(seconds=1)}
    runs = []

    def act(delivery: Delivery) -> None:
        runs.append(delivery.epoch)
        begun = fresh(delivery).lease
        wait_until(lambda: fresh(delivery).lease - begun > timedelta(seconds=2), "the lease renewed twice")

    made = make_delivery(register(act, atomic=False))
    assert Worker(threads=2).run(threading.Event(), until_idle=True) == 1
    assert runs == [1]
    assert fresh(made).state == "done"


def test_while_an_action_takes_its_time_what_its_thread_has_not_begun_goes_to_others(
    register: Register, settings: Settings
) -> None:
    settings.DETENT = {"LEASE": timedelta(seconds=2)}

    def long(delivery: Delivery) -> None:
        wait_until(lambda: Delivery.objects.filter(state="done").count() == 3, "all three done")

    def short(delivery: Delivery) -> None: ...

    first = make_delivery(register(long, atomic=False), priority=1)
    name = register(short)
    rest = [make_delivery(name) for _ in range(3)]
    stop = threading.Event()
    worker = threading.Thread(target=Worker(threads=2).run, args=[stop], kwargs={"poll": 0.05})
    worker.start()
    try:
        wait_until(lambda: fresh(first).state == "done", "the first done")
    finally:
        stop.set()
        worker.join(PATIENCE)
    assert [fresh(each).attempts for each in rest] == [1, 1, 1]
