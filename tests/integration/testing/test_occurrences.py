"""Collecting what a piece of code emits."""

import pytest

from detent.settings import detent_settings
from detent.testing import emitted
from detent.trigger import emit
from detent.trigger.models import Occurrence

pytestmark = pytest.mark.django_db


def test_the_occurrences_of_a_type_are_collected_though_no_rule_matches_them() -> None:
    emit("order.paid", {"order": 1}, source="shop", record=True)
    with emitted("order.paid") as events:
        emit("order.paid", {"order": 2}, source="shop")
        emit("order.seen", {"order": 2}, source="shop")
        emit("order.paid", {"order": 3}, source="shop")
    assert [event.data for event in events] == [{"order": 2}, {"order": 3}]


def test_if_there_were_none_it_fails_and_says_what_there_was() -> None:
    with (
        pytest.raises(AssertionError, match=r"No order\.paid was emitted; what was emitted: order\.seen"),
        emitted("order.paid"),
    ):
        emit("order.seen", {}, source="shop")


def test_after_the_block_unmatched_occurrences_are_not_kept_any_more() -> None:
    with emitted("order.paid"):
        emit("order.paid", {}, source="shop")
    assert detent_settings().RECORD_UNMATCHED is False
    emit("order.paid", {}, source="shop")
    assert Occurrence.objects.count() == 1


def test_an_error_of_the_block_comes_through() -> None:
    with pytest.raises(ZeroDivisionError), emitted("order.paid"):
        raise ZeroDivisionError
