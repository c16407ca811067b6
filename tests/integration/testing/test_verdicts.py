"""Asserting whether a transition is allowed."""

import pytest

from detent.machine import Verdict
from detent.testing import assert_can, assert_cannot

ALLOWED = Verdict("pay", "placed")
REFUSED = Verdict("pay", "draft", code="wrong_state", message="isn't available")


def test_what_is_allowed_passes_assert_can_and_fails_assert_cannot() -> None:
    assert_can(ALLOWED)
    with pytest.raises(AssertionError, match="pay is allowed in state 'placed'"):
        assert_cannot(ALLOWED)


def test_what_is_refused_passes_assert_cannot_and_fails_assert_can_with_the_reason() -> None:
    assert_cannot(REFUSED)
    with pytest.raises(AssertionError, match=r"wrong_state.*isn't available"):
        assert_can(REFUSED)


def test_a_refusal_for_another_reason_fails() -> None:
    assert_cannot(REFUSED, code="wrong_state")
    with pytest.raises(AssertionError, match="refused for 'wrong_state', not 'check'"):
        assert_cannot(REFUSED, code="check")


BY_CHECK = Verdict("pay", "placed", code="check", message="too little", check="covers_the_total")


def test_a_refusal_by_another_check_fails() -> None:
    assert_cannot(BY_CHECK, check="covers_the_total")
    with pytest.raises(AssertionError, match="refused by 'covers_the_total', not by 'is_open': too little"):
        assert_cannot(BY_CHECK, check="is_open")
    with pytest.raises(AssertionError, match="refused for 'wrong_state', not by 'is_open'"):
        assert_cannot(REFUSED, check="is_open")


def test_a_check_that_was_not_asked_is_named_where_a_refusal_was_expected() -> None:
    with pytest.raises(AssertionError, match=r"give explain\(\) the arguments that covers_the_total must know"):
        assert_cannot(Verdict("pay", "placed", pending=("covers_the_total",)))
