"""What the signal tells: what moved, and in the order in which it moved."""

import copy
import pickle
from decimal import Decimal

import pytest

from detent.workflow import ModelTransition, transitioned
from tests.shop.models import Letter, Order

pytestmark = pytest.mark.django_db


@pytest.fixture
def told_moves():
    """Return the moves of which the signal tells."""
    moves = []

    def receiver(**told):
        moves.extend((moved.from_state, moved.to_state) for moved in told["moves"])

    transitioned.connect(receiver)
    yield moves
    transitioned.disconnect(receiver)


def test_a_transition_nested_in_an_after_hook_is_told_after_its_outer_one(told_moves, monkeypatch):
    monkeypatch.setattr(Letter, "note", lambda letter, step: step == "enter" and letter.send())
    Letter.objects.create(text="Dear", state="written").stamp()
    assert told_moves == [("written", "stamped"), ("stamped", "sent")]


def test_a_transition_nested_in_a_method_is_told_before_its_outer_one(told_moves, make_order, monkeypatch):
    order = make_order(state="placed")
    monkeypatch.setattr(Order.expire, "implementation", lambda order: order.pay(amount=Decimal(40)))
    order.expire()
    assert told_moves == [("placed", "paid"), ("paid", "cancelled")]


def test_an_object_that_an_after_hook_deletes_is_told_by_its_key(announced, monkeypatch):
    monkeypatch.setattr(Letter, "note", lambda letter, step: step == "enter" and letter.delete())
    letter = Letter.objects.create(text="Dear")
    key = letter.pk
    letter.stamp()
    assert [moved.pk for told in announced for moved in told["moves"]] == [key]


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda letter: pickle.loads(pickle.dumps(letter))])
def test_a_copy_made_in_a_hook_has_moves_of_its_own(duplicate, told_moves, monkeypatch):
    copies = []
    monkeypatch.setattr(Letter, "note", lambda letter, step: step == "enter" and copies.append(duplicate(letter)))
    Letter.objects.create(text="Dear").stamp()
    copies[0].send()
    assert told_moves == [("written", "stamped"), ("stamped", "sent")]


def test_a_nested_transition_that_is_undone_is_not_told(told_moves, monkeypatch):
    def note(letter, step):
        if step == "enter":
            with pytest.raises(RuntimeError):
                letter.send()

    def fail(_):
        raise RuntimeError

    monkeypatch.setattr(Letter, "note", note)
    monkeypatch.setattr(Letter.send, "implementation", fail)
    Letter.objects.create(text="Dear").stamp()
    assert told_moves == [("written", "stamped")]


class Idle(ModelTransition):
    """A transition that leaves the object where it is."""

    def _during_transition(self, *args, **kwargs):
        """Do nothing."""


class Astray(ModelTransition):
    """A transition that brings the object to a state of its own choice."""

    def _during_transition(self, *args, **kwargs):
        self.instance.state = "review"


def test_a_replaced_step_that_does_not_move_the_object_is_not_told(told_moves, make_order, monkeypatch):
    monkeypatch.setattr(Order.state, "implementation_class", Idle, raising=False)
    order = make_order()
    order.place()
    assert (order.state, told_moves) == ("draft", [])


def test_a_replaced_step_is_told_by_where_it_brought_the_object(told_moves, make_order, monkeypatch):
    monkeypatch.setattr(Order.state, "implementation_class", Astray, raising=False)
    make_order().place()
    assert told_moves == [("draft", "review")]
