"""Errors carry what they speak of, say what to do, and are carried between processes."""

import pickle

import pytest

from detent.errors import DetentError
from detent.machine import (
    AbortTransition,
    DuplicateTransition,
    InvalidState,
    InvalidTransitionError,
    MustBeAwaited,
    NotEnabled,
    UnknownFormat,
    UnknownState,
    Verdict,
    WorkflowEnabled,
    transition,
    transition_check,
)
from tests.unit.machine.jobs import JobWorkflow

ERRORS = [
    AbortTransition("not now"),
    DuplicateTransition("twice", workflow="JobWorkflow", name="start"),
    InvalidState("paused", "JobWorkflow", ["queued", "running"]),
    MustBeAwaited("start", "JobWorkflow", ("the implementation",)),
    InvalidTransitionError("no", verdict=Verdict("start", "running", code="wrong_state")),
    UnknownFormat("png", ("svg",)),
    UnknownState("none such", name="paused"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_a_pickled_error_keeps_its_message_and_what_it_carries(error: DetentError) -> None:
    carried = pickle.loads(pickle.dumps(error))
    assert type(carried) is type(error)
    assert str(carried) == str(error)
    assert (carried.args, vars(carried)) == (error.args, vars(error))


class Job(WorkflowEnabled):
    state = JobWorkflow()

    @transition("fail")
    async def give_up(self) -> None: ...

    @transition_check("retry")
    def is_young(self) -> bool:
        return False

    @transition_check("complete")
    def is_good(self, grade: int) -> bool:
        return grade > 3


def refusal(state: str, name: str) -> AbortTransition:
    job = Job()
    job.state = state
    with pytest.raises(AbortTransition) as caught:
        getattr(job, name)()
    assert caught.value.instance is job
    return caught.value


@pytest.mark.parametrize(
    ("state", "name", "hint"),
    [
        ("completed", "cancel", "It starts in queued, running, failed; is_available() and explain() ask beforehand."),
        ("failed", "retry", "The check 'is_young' refused; is_available() and explain() ask it beforehand."),
        ("running", "complete", ""),
    ],
)
def test_a_refusal_carries_workflow_transition_state_and_object_and_says_what_to_do(
    state: str, name: str, hint: str
) -> None:
    error = refusal(state, name)
    assert (error.workflow, error.transition, error.state) == ("JobWorkflow", name, state)
    assert error.verdict.field == "state"
    assert error.hint == hint
    assert getattr(error, "__notes__", []) == ([hint] if hint else [])


def test_an_unknown_state_is_refused_with_advice_to_declare_it() -> None:
    job = Job()
    vars(job)["_detent_state"] = "paused"
    with pytest.raises(InvalidTransitionError) as caught:
        job.cancel()
    assert caught.value.hint == "Declare the state again in JobWorkflow, or assign one that it declares."


def test_an_error_that_a_hook_raised_carries_nothing_of_the_machine() -> None:
    error = AbortTransition("No.")
    assert (error.workflow, error.transition, error.state, error.instance, error.hint) == ("", "", "", None, "")


def test_an_invalid_state_is_refused_with_the_states_that_are_valid() -> None:
    with pytest.raises(InvalidState) as caught:
        Job().state = "paused"
    assert caught.value.known == ("queued", "running", "completed", "failed", "cancelled")
    assert caught.value.hint.startswith("Assign one of queued, running, completed, failed, cancelled,")


def test_a_definition_at_fault_is_named_with_what_to_do() -> None:
    with pytest.raises(UnknownState) as caught:
        type("Broken", (JobWorkflow,), {"transitions": (("pause", "running", "paused"),)})
    assert (caught.value.workflow, caught.value.transition, caught.value.name) == ("Broken", "pause", "paused")
    assert caught.value.hint == "Add it to states, or correct the name."


def test_a_transition_on_a_foreign_object_is_refused_with_what_to_do() -> None:
    foreign = type("Foreign", (), {"start": Job.start})()
    with pytest.raises(NotEnabled) as caught:
        _ = foreign.start
    assert (caught.value.workflow, caught.value.transition) == ("JobWorkflow", "start")
    assert caught.value.hint == "Mix WorkflowEnabled into Foreign, and declare 'state' in it."


def test_an_error_leaves_the_object_behind_where_it_is_carried_to_another_process() -> None:
    error = refusal("completed", "cancel")
    carried = pickle.loads(pickle.dumps(error))
    assert (carried.instance, carried.verdict, str(carried)) == (None, error.verdict, str(error))
