"""Occurrences keep the transition in whose method or hook they were emitted."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from detent.trigger import Occurrence, emit
from detent.workflow import acting
from tests.integration.trigger.factories import event_rule, note_action, roll_something_back, statements
from tests.till.models import Sale

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keep_all(settings: Settings) -> None:
    """Keep occurrences that no rule matched."""
    settings.DETENT = {"RECORD_UNMATCHED": True}


def kept(**fields: Any) -> dict[str, Any] | None:
    """Return the transition that an occurrence keeps."""
    told: dict[str, Any] | None = Occurrence.objects.get(**fields).transition
    return told


def test_what_a_transition_emits_keeps_the_transition() -> None:
    """Under the names that the data of the transition's own occurrence have."""
    sale = Sale.objects.create()
    with acting(user=User.objects.create(username="alice")):
        sale.pay(charge="ch_1")
    told = Occurrence.objects.get(type="detent.transition").data
    assert kept(type="sale.paid") == {name: told[name] for name in told if name != "context"}
    assert (told["from"], told["to"], told["user"], told["pk"]) == ("placed", "paid", "alice", sale.pk)


def test_keeping_it_costs_no_statement(settings: Settings) -> None:
    """The ruleset's token, the occurrence, the event, the delivery: what is emitted in no transition costs as many."""
    settings.DETENT = {}
    with note_action() as note:
        event_rule("sale.paid", actions=[note])
    Sale.objects.create().pay(charge="ch_1")
    sale = Sale.objects.create()
    roll_something_back()
    with statements() as ran:
        sale.pay(charge="ch_2")
    assert kept(identifier="ch_2")
    assert len([sql for sql in ran if "trigger_" in sql]) == 4


def test_what_a_nested_transition_emits_keeps_the_nested_one() -> None:
    """And what is emitted once that is over, the outer one."""
    inner, outer = Sale.objects.create(), Sale.objects.create()
    outer.pay(charge="ch_1", also=inner)
    of_inner, of_outer = kept(identifier="ch_1-also"), kept(identifier="ch_1")
    assert of_inner is not None
    assert of_outer is not None
    assert (of_inner["pk"], of_outer["pk"]) == (inner.pk, outer.pk)


def test_what_is_emitted_in_no_transition_keeps_none() -> None:
    """Also after one that failed."""
    sale = Sale.objects.create()
    with pytest.raises(LookupError):
        sale.pay(charge=Failing())
    emit("note", {}, source="tests")
    assert kept(type="note") is None


class Failing(str):
    """An id of which nobody knows the length."""

    __slots__ = ()

    def __len__(self) -> int:
        raise LookupError


def test_the_emission_returns_what_was_kept() -> None:
    """The row that `emit` returns is the row that is read."""
    emitted = emit("note", {}, source="tests")
    assert emitted.occurrence is not None
    assert emitted.occurrence.transition is None
    sale = Sale.objects.create()
    sale.pay(charge="ch_1")
    assert Occurrence.objects.get(type="sale.paid").transition is not None
