"""The life of a delivery, and the statements that follow it."""

import pytest

from detent.trigger.delivery.workflow import BURY, CLAIM, FINISH, RELEASE, RETRY, step


def test_the_workers_statements_take_their_states_from_the_workflow() -> None:
    assert CLAIM == ("waiting", "running")
    assert FINISH == ("running", "done")
    assert RETRY == RELEASE == ("running", "waiting")
    assert BURY == ("running", "dead")


def test_a_step_that_the_workflow_does_not_have_is_an_error_where_it_is_defined() -> None:
    with pytest.raises(AttributeError):
        step("explode")


def test_a_step_from_several_states_cannot_be_a_statement() -> None:
    with pytest.raises(ValueError, match="too many values"):
        step("cancel")
