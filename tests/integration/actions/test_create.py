"""The built-in action `create`."""

from decimal import Decimal

import pytest
from pytest_django import Settings

from detent.testing import deliver_all
from detent.trigger.models import Delivery
from tests.integration.delivery.factories import fresh, make_delivery, make_event
from tests.shop.models import Order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def allowed(settings: Settings) -> None:
    settings.DETENT = {"CREATABLE_MODELS": ["shop.Order", "trigger.Delivery", "shop.Nowhere"]}


def run(model: str, values: dict[str, object], **data: object) -> Delivery:
    made = make_delivery("create", {"model": model, "values": values}, data=data)
    deliver_all()
    return fresh(made)


def test_a_row_is_made_of_what_the_templates_give() -> None:
    done = run("shop.order", {"customer": "${data.customer}", "total": "${data.total}"}, customer="C7", total=12.5)
    assert done.state == "done"
    order = Order.objects.get()
    assert (order.customer, order.total, order.state) == ("C7", Decimal("12.5"), "draft")


def test_the_foreign_key_to_the_event_is_filled_in() -> None:
    done = run("trigger.delivery", {"action": "x", "position": 7, "state": "done"})
    assert Delivery.objects.get(action="x").event_id == done.event_id


def test_an_event_that_is_given_is_kept() -> None:
    other = make_event()
    run("trigger.delivery", {"action": "x", "position": 7, "state": "done", "event": other.pk})
    assert Delivery.objects.get(action="x").event == other


@pytest.mark.parametrize(
    ("model", "values", "reason"),
    [
        ("trigger.attempt", {}, "CREATABLE_MODELS"),
        ("nonsense", {}, "CREATABLE_MODELS"),
        ("shop.nowhere", {}, "no model shop.nowhere"),
        ("shop.order", {"customer": "C7", "total": 1, "colour": "red"}, "no field 'colour'"),
        ("shop.order", {"customer": "C7", "total": 1, "transition_logs": []}, "no field 'transition_logs'"),
        ("shop.order", {"customer": "C7" * 40, "total": 1}, "customer: "),
        ("shop.order", {"customer": "C7", "total": "much"}, "total: "),
        ("shop.order", {"customer": "C7", "total": 1, "state": "nowhere"}, "no state 'nowhere'"),
    ],
)
def test_what_cannot_be_created_is_a_final_failure_with_the_reason(
    model: str, values: dict[str, object], reason: str
) -> None:
    dead = run(model, values)
    assert dead.state == "dead"
    assert reason in dead.error
    assert not Order.objects.exists()
