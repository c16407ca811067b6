"""TRANSITION rules are triggered in the transaction of the move, whichever way an object is moved."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from detent.trigger import Occurrence, TriggerEvent, TriggerRule
from detent.trigger.models import Delivery
from tests.integration.trigger.factories import make_rule, note_action
from tests.shop.models import AmendedContract, Contract, ExpressClaim, Letter, Order, PressingClaim, UrgentContract
from tests.shop.models.claim import Claim

pytestmark = pytest.mark.django_db


def transition_rule(**parts: Any) -> TriggerRule:
    """Make a TRANSITION rule."""
    return make_rule("TRANSITION", {"version": "1.0", **parts})


def make_order(state: str = "placed") -> Order:
    """Make an order."""
    return Order.objects.create(customer="C7", total=Decimal(40), state=state)


def moved() -> list[str]:
    """Return the subjects of the occurrences that triggered a rule, in their order."""
    return list(TriggerEvent.objects.order_by("pk").values_list("occurrence__subject", flat=True))


class Undone(Exception):
    """What takes a transaction back."""


@contextmanager
def taken_back() -> Iterator[None]:
    """Have a transaction that is taken back in the end."""
    with suppress(Undone), transaction.atomic():
        yield
        raise Undone


def test_a_move_that_is_taken_back_leaves_no_event_and_no_delivery() -> None:
    """They are rows of its transaction."""
    with note_action() as note:
        rule = {"version": "1.0", "actions": [{**note, "input": {"order": "${data.pk}"}}]}
        make_rule("TRANSITION", rule)
        with taken_back():
            make_order().expire()
            assert (TriggerEvent.objects.count(), Delivery.objects.count()) == (1, 1)
    assert not Occurrence.objects.exists()
    assert not Delivery.objects.exists()


def test_of_two_moves_the_one_that_is_taken_back_leaves_nothing() -> None:
    """A savepoint is as good as a transaction."""
    transition_rule()
    kept, undone = make_order(), make_order()
    with transaction.atomic():
        kept.expire()
        with taken_back():
            undone.expire()
    assert moved() == [str(kept.pk)]


def test_a_move_that_fails_after_it_was_announced_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a hook of it did."""
    transition_rule()

    def note(letter: Letter, step: str) -> None:
        if step == "enter" and letter.state == "stamped":
            letter.send()
            raise Undone

    monkeypatch.setattr(Letter, "note", note)
    letter: Any = Letter.objects.create(text="Dear", state="written")
    with pytest.raises(Undone):
        letter.stamp()
    assert moved() == []


def test_a_move_inside_another_is_an_event_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the order in which they are told."""
    first, second = transition_rule(to="stamped"), transition_rule(to="sent")
    monkeypatch.setattr(Letter, "note", lambda letter, step: step == "enter" and letter.send())
    letter: Any = Letter.objects.create(text="Dear", state="written")
    letter.stamp()
    assert list(TriggerEvent.objects.order_by("pk").values_list("rule", flat=True)) == [first.pk, second.pk]


def test_many_moves_that_are_taken_back_leave_nothing() -> None:
    """They are one transaction too."""
    transition_rule(model="shop.order", to="cancelled")
    for _ in range(3):
        make_order()
    with taken_back():
        Order.objects.transition("expire")
        assert TriggerEvent.objects.count() == 3
    assert moved() == []


@pytest.mark.parametrize(
    ("named", "model", "triggered"),
    [
        ("shop.contract", Contract, True),
        ("shop.contract", UrgentContract, True),
        ("shop.contract", AmendedContract, True),
        ("shop.Contract", UrgentContract, True),
        ("shop.urgentcontract", UrgentContract, True),
        ("shop.urgentcontract", Contract, False),
        ("shop.amendedcontract", AmendedContract, True),
        ("shop.amendedcontract", Contract, False),
        (["shop.urgentcontract", "shop.amendedcontract"], AmendedContract, True),
    ],
)
def test_a_rule_for_a_model_is_for_its_proxies_and_children(named: Any, model: Any, triggered: bool) -> None:
    """And one for these is for what was moved as such; the document says as what."""
    transition_rule(model=named, transition="sign")
    model.objects.create(title="lease").sign("Ada")
    assert TriggerEvent.objects.exists() == triggered
    assert not triggered or Occurrence.objects.get().data["model"] == model._meta.label_lower


@pytest.mark.parametrize("model", [Claim, PressingClaim, ExpressClaim])
def test_a_rule_for_a_model_is_triggered_by_many_moves_of_its_heirs(model: Any) -> None:
    """Whether they are moved in one statement or one by one."""
    transition_rule(model="shop.claim", transition="settle")
    claims = [model.objects.create(text=text) for text in ("a", "b")]
    assert model.objects.transition("settle").moved == 2
    assert sorted(moved()) == sorted(str(claim.pk) for claim in claims)


@pytest.mark.parametrize(
    ("parts", "count"),
    [
        ({"model": "shop.order", "workflow": "OrderWorkflow", "transition": "pay", "from": "placed", "to": "paid"}, 1),
        ({"model": ["shop.parcel", "shop.order"], "transition": ["place", "pay"], "to": ["placed", "paid"]}, 2),
        ({"workflow": ["OrderWorkflow"], "from": ["draft", "placed"]}, 2),
        ({"model": "shop.order", "transition": ["ship", "pay"]}, 1),
        ({"from": ["paid", "review"]}, 0),
        ({"model": "shop.parcel"}, 0),
    ],
)
def test_each_field_is_a_name_or_several(parts: dict[str, Any], count: int) -> None:
    """All fields have to be met, each by one of its names."""
    transition_rule(**parts)
    order = make_order("draft")
    order.place()
    order.pay(amount=Decimal(50), reference="ch_1")
    assert TriggerEvent.objects.count() == count
