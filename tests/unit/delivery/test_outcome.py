"""Retry and Reject, what an action returns or raises."""

from datetime import timedelta

import pytest

from detent.trigger.delivery import Reject, Retry


@pytest.mark.parametrize(
    ("after", "wait"),
    [(None, None), (90, timedelta(seconds=90)), (0.5, timedelta(seconds=0.5)), (timedelta(1), timedelta(1))],
)
def test_a_wait_is_given_in_seconds_or_as_a_timedelta(after: timedelta | float | None, wait: timedelta | None) -> None:
    assert Retry(after=after).after == wait


@pytest.mark.parametrize("after", [-1, timedelta.max, timedelta(days=365 * 8000)])
def test_a_wait_that_no_database_could_add_to_its_time_is_refused(after: timedelta | float) -> None:
    with pytest.raises(ValueError, match="from 0 to 3650 days"):
        Retry(after=after)


def test_both_keep_their_reason_and_can_be_raised() -> None:
    with pytest.raises(Retry, match="busy"):
        raise Retry(reason="busy")
    with pytest.raises(Reject) as caught:
        raise Reject("no such order")
    assert caught.value.reason == "no such order"
