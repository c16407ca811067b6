"""Running deliveries inside a test, also in a TestCase that rolls back."""

import pytest
from django.db import connection
from django.test import TestCase

from detent.testing import NeverIdle, NotDelivered, deliver_all
from detent.trigger import emit
from detent.trigger.actions import actions
from detent.trigger.models import Delivery, TriggerRule
from tests.integration.delivery.factories import make_delivery


def make_rule(event_type: str, action: str) -> TriggerRule:
    configuration = {"version": "1.0", "pattern": {"type": [event_type]}, "actions": [{"action": action, "input": {}}]}
    return TriggerRule.objects.create(type="EVENT", configuration=configuration)


class DeliverAllInATestCaseThatRollsBack(TestCase):
    """A user's TestCase: one transaction around each test, one connection."""

    def test_what_a_rule_asks_for_is_run_on_the_tests_own_connection(self) -> None:
        ran: list[int] = []
        inside = []

        def act(delivery: Delivery) -> None:
            ran.append(delivery.pk)
            inside.append(connection.in_atomic_block)

        with actions.registered("tests.act", act):
            make_rule("order.paid", "tests.act")
            emit("order.paid", {"order": 17}, source="shop")
            assert ran == []
            assert deliver_all() == 1
        assert ran == [Delivery.objects.get().pk]
        assert inside == [True]

    def test_a_failing_action_takes_neither_the_tests_transaction_nor_the_other_deliveries_along(self) -> None:
        def fail(delivery: Delivery) -> None:
            Delivery.objects.create(event=delivery.event, position=9, action="never")
            raise ValueError

        def act(delivery: Delivery) -> None: ...

        with actions.registered("tests.fail", fail), actions.registered("tests.act", act):
            failed, done = make_delivery("tests.fail", priority=1), make_delivery("tests.act")
            assert deliver_all() >= 2
        assert Delivery.objects.get(pk=failed.pk).state == "waiting"
        assert Delivery.objects.get(pk=done.pk).state == "done"
        assert Delivery.objects.count() == 2


@pytest.mark.django_db
def test_what_a_delivery_leads_to_is_run_too() -> None:
    def act(delivery: Delivery) -> None:
        emit("order.shipped", {}, source="shop")

    def close(delivery: Delivery) -> None: ...

    with actions.registered("tests.act", act), actions.registered("tests.close", close):
        make_rule("order.paid", "tests.act")
        make_rule("order.shipped", "tests.close")
        emit("order.paid", {}, source="shop")
        assert deliver_all() == 2


@pytest.mark.django_db
def test_deliveries_without_end_are_an_error() -> None:
    def act(delivery: Delivery) -> None:
        make_delivery("tests.act")

    with actions.registered("tests.act", act):
        make_delivery("tests.act")
        with pytest.raises(NeverIdle, match="More than 5"):
            deliver_all(at_most=5)


@pytest.mark.django_db
def test_deliveries_for_an_action_that_is_not_registered_are_an_error_that_names_it() -> None:
    make_delivery("shop.remnd")
    with pytest.raises(NotDelivered, match=r"shop\.remnd \(1\)"):
        deliver_all()
