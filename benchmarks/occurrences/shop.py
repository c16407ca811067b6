"""The shop that is measured: its rules, what happens in it, and the orders that it moves."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from detent.trigger import Delivery, Emission, TriggerRule, action
from tests.shop.models import Order

ACTION = "benchmark.note"
SETTINGS = {"order": "${data.order}"}


@action(ACTION)
def note(delivery: Delivery, *, order: int) -> None:
    """Do nothing: no delivery is run here."""


def rules_for_customers(number: int, using: str) -> None:
    """Make rules that each wait for the payments of another customer, and have one action."""
    patterns = ({"type": ["order.paid"], "data": {"customer": [f"C{customer}"]}} for customer in range(number))
    _make("EVENT", ({"pattern": pattern} for pattern in patterns), using)


def rule_for_moves(using: str) -> None:
    """Make a rule that waits for orders that are cancelled, and has one action."""
    _make("TRANSITION", [{"model": "shop.order", "to": "cancelled"}], using)


def _make(kind: str, parts: Iterable[dict[str, Any]], using: str) -> None:
    asked_for = {"version": "1.0", "actions": [{"action": ACTION, "input": SETTINGS}]}
    rules = [TriggerRule(type=kind, configuration=asked_for | each) for each in parts]
    TriggerRule.objects.using(using).bulk_create(rules, batch_size=500)


def payments(number: int, matching: int, customers: int) -> Iterator[Emission]:
    """Give what happens; a rule waits for some of it, evenly among the rest."""
    for order in range(number):
        customer = f"{'C' if order % (number // matching) == 0 else 'D'}{order % customers}"
        yield Emission("order.paid", data_of(order, customer), source="shop", subject=str(order))


def data_of(order: int, customer: str) -> dict[str, Any]:
    """Say of a payment what there is to say."""
    return {"order": order, "customer": customer, "total": 40.5, "items": [{"sku": "A-1", "count": 2}]}


def make_orders(number: int, using: str) -> None:
    """Make orders that wait to be cancelled."""
    waiting = (Order(customer="C7", total=Decimal(40), state="placed") for _ in range(number))
    Order.objects.using(using).bulk_create(waiting, batch_size=500)


def cancel_orders(using: str) -> None:
    """Cancel all orders that wait, in one call that logs nothing."""
    Order.objects.using(using).transition("expire", log=False)
