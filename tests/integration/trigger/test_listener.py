"""Transitions are occurrences, in the transaction of the move."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction

from detent.trigger import Occurrence, TriggerEvent
from tests.integration.trigger.factories import make_rule, roll_something_back, statements
from tests.shop.models import Order, Parcel

pytestmark = pytest.mark.django_db


def transition_rule(**parts: Any) -> None:
    """Make a TRANSITION rule."""
    make_rule("TRANSITION", {"version": "1.0", **parts})


def placed_order() -> Order:
    """Make an order that is placed."""
    order = Order.objects.create(customer="C7", total=Decimal(40))
    order.place()
    return order


def test_the_document_of_a_transition() -> None:
    """What moved, from where, to where, by whom and in what context."""
    transition_rule(transition="pay")
    user = User.objects.create(username="alice")
    order = placed_order()
    order.pay.options(by=user, context={"ip": "10.0.0.1"})(amount=Decimal(50))
    document = Occurrence.objects.get().document()
    assert (document["type"], document["source"], document["subject"]) == (
        "detent.transition",
        "shop.order",
        str(order.pk),
    )
    assert document["data"] == {
        "model": "shop.order",
        "pk": order.pk,
        "field": "state",
        "workflow": "OrderWorkflow",
        "transition": "pay",
        "from": "placed",
        "to": "paid",
        "user": "alice",
        "context": {"ip": "10.0.0.1"},
    }


@pytest.mark.parametrize(
    ("parts", "triggered"),
    [
        ({}, True),
        ({"to": "placed"}, True),
        ({"to": ["paid", "placed"], "from": ["draft"]}, True),
        ({"model": "shop.Order", "workflow": "OrderWorkflow", "transition": "place"}, True),
        ({"to": "paid"}, False),
        ({"from": "placed"}, False),
        ({"model": "shop.parcel"}, False),
        ({"workflow": "ParcelWorkflow"}, False),
    ],
)
def test_a_rule_names_what_it_is_for(parts: dict[str, Any], triggered: bool) -> None:
    """Each of its fields has to be met; the name of a model is taken in any case."""
    transition_rule(**parts)
    placed_order()
    assert TriggerEvent.objects.exists() == triggered


def test_a_key_that_is_no_number_is_text() -> None:
    """As the object has it."""
    transition_rule(model="shop.parcel")
    parcel: Any = Parcel.objects.create(code="P-1")
    parcel.send()
    assert Occurrence.objects.get().data["pk"] == "P-1"


def test_a_transition_that_rolls_back_is_no_occurrence() -> None:
    """The occurrence is part of the same transaction."""
    transition_rule()
    with transaction.atomic():
        placed_order()
        assert Occurrence.objects.count() == 1
        transaction.set_rollback(True)
    assert not Occurrence.objects.exists()


def test_a_transition_that_no_rule_waits_for_costs_the_token() -> None:
    """And where the token is known already, nothing."""
    transition_rule(transition="cancel")
    order = placed_order()
    order.pay(amount=Decimal(50))
    roll_something_back()
    with statements() as ran:
        order.ship()
    assert len([sql for sql in ran if "trigger_" in sql]) == 1


def make_orders(count: int) -> list[Order]:
    """Make orders that are placed."""
    return Order.objects.bulk_create(
        [Order(customer="C7", total=Decimal(40), state="placed") for _ in range(count)], batch_size=100
    )


def test_each_object_that_is_moved_with_others_is_an_occurrence_of_its_own() -> None:
    """With its own key and the state that it left."""
    transition_rule(to="cancelled")
    made = make_orders(3)
    Order.objects.transition("expire", context={"why": "late"})
    documents = [occurrence.document() for occurrence in Occurrence.objects.all()]
    assert {document["subject"] for document in documents} == {str(order.pk) for order in made}
    assert {document["data"]["from"] for document in documents} == {"placed"}
    assert {document["data"]["context"]["why"] for document in documents} == {"late"}


@pytest.mark.parametrize(
    "parts", [{}, {"from": "placed"}, {"to": "cancelled", "from": ["review", "placed"]}, {"model": "shop.order"}]
)
def test_a_rule_for_some_of_the_objects_that_are_moved_is_triggered(parts: dict[str, Any]) -> None:
    """Whatever it asks for."""
    transition_rule(**parts)
    make_orders(2)
    Order.objects.transition("expire")
    assert TriggerEvent.objects.count() == 2


def test_a_rule_for_one_of_the_objects_that_are_moved_is_triggered() -> None:
    """By a pattern that names the object."""
    _, second = make_orders(2)
    make_rule("EVENT", {"version": "1.0", "pattern": {"data": {"pk": [second.pk]}}, "actions": []})
    Order.objects.transition("expire")
    assert Occurrence.objects.get().subject == str(second.pk)


def test_many_moves_that_no_rule_waits_for_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the first of them is."""
    transition_rule(transition="ship")
    make_rule("EVENT", {"version": "1.0", "pattern": {"type": ["order.paid"]}, "actions": []})
    asked = []
    monkeypatch.setattr(
        "detent.trigger.occurrences.listener.emit_many", lambda emissions, using: asked.append(list(emissions))
    )
    make_orders(3)
    assert Order.objects.transition("expire").moved == 3
    assert asked == []


def test_moves_that_no_rule_waits_for_are_kept_where_the_settings_say_so(settings: Any) -> None:
    """As other occurrences are."""
    settings.DETENT = {"RECORD_UNMATCHED": True}
    make_orders(3)
    Order.objects.transition("expire")
    assert Occurrence.objects.count() == 3
