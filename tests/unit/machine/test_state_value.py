"""What an object's state is to those who read and assign it: points 12 to 20."""

import copy
import operator
import pickle
from collections.abc import Callable

import pytest

from detent.machine import InvalidState, State, StateProperty, StateWrapper, Workflow, WorkflowEnabled
from tests.unit.machine.jobs import JobWorkflow


class Job(WorkflowEnabled):
    state = JobWorkflow()


class OtherWorkflow(Workflow):
    states = (("queued", "In another queue"),)
    initial_state = "queued"


def test_an_object_starts_in_the_initial_state() -> None:
    assert Job().state == JobWorkflow.initial_state


def test_reading_an_object_gives_a_state_value_and_reading_the_class_the_property() -> None:
    assert isinstance(Job().state, StateWrapper)
    assert isinstance(Job.state, StateProperty)
    assert isinstance(Job.state.workflow, JobWorkflow)


def test_reading_a_state_twice_gives_the_very_same_value() -> None:
    assert Job().state is Job().state


def test_an_object_stores_nothing_but_the_name() -> None:
    job = Job()
    job.start()
    assert vars(job) == {"_detent_state": "running"}


def test_a_value_equals_its_state_its_name_and_other_values_of_that_state() -> None:
    value, queued = Job().state, JobWorkflow.states.queued
    assert value == queued
    assert queued == value
    assert value == "queued"
    assert "queued" == value  # noqa: SIM300 - both sides are the promise
    assert value == StateWrapper(queued, JobWorkflow())
    assert value != "running"
    assert value != JobWorkflow.states.running
    assert value != StateWrapper(OtherWorkflow.states.queued, OtherWorkflow())
    assert value != 1


def test_a_value_hashes_as_its_name() -> None:
    value = Job().state
    assert {"queued": 1}[value] == 1
    assert value in {"queued"}
    assert value in ["queued", "running"]
    assert {value: 1}["queued"] == 1


def test_a_value_prints_as_its_name_and_has_the_title() -> None:
    value = Job().state
    assert f"{value}" == str(value) == value.name == "queued"
    assert value.title == "In the queue"
    assert repr(value) == "<StateWrapper: <State: 'queued'>>"


def test_a_value_says_for_each_state_whether_it_is_that() -> None:
    value = Job().state
    assert {state.name: getattr(value, f"is_{state.name}") for state in JobWorkflow.states} == {
        "queued": True,
        "running": False,
        "completed": False,
        "failed": False,
        "cancelled": False,
    }


def test_asking_for_a_state_that_the_workflow_does_not_have_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'State' object has no attribute 'is_paused'"):
        _ = Job().state.is_paused


def test_a_value_knows_the_transitions_from_it_its_state_and_its_workflow() -> None:
    value = Job().state
    assert [transition.name for transition in value.transitions()] == ["start", "cancel"]
    assert value.state is JobWorkflow.states.queued
    assert isinstance(value.workflow, JobWorkflow)


def test_values_have_no_order() -> None:
    with pytest.raises(TypeError):
        operator.lt(Job().state, Job().state)


def by_pickle(value: StateWrapper) -> StateWrapper:
    copied: StateWrapper = pickle.loads(pickle.dumps(value))
    return copied


@pytest.mark.parametrize("copied_by", [copy.copy, copy.deepcopy, by_pickle])
def test_a_copied_value_still_equals_its_state_and_can_be_assigned(
    copied_by: Callable[[StateWrapper], StateWrapper],
) -> None:
    job = Job()
    value = copied_by(job.state)
    assert value == job.state == "queued"
    assert value == JobWorkflow.states.queued
    assert value.is_queued
    job.start()
    job.state = value
    assert job.state == "queued"


@pytest.mark.parametrize("copied_by", [copy.copy, copy.deepcopy, by_pickle])
def test_a_copied_value_of_an_unknown_state_is_still_unknown(
    copied_by: Callable[[StateWrapper], StateWrapper],
) -> None:
    job = Job()
    vars(job)["_detent_state"] = "paused"
    assert copied_by(job.state) == job.state
    assert not copied_by(job.state).known


@pytest.mark.parametrize(
    "assigned", ["running", JobWorkflow.states.running, StateWrapper(JobWorkflow.states.running, JobWorkflow())]
)
def test_a_state_is_assigned_by_name_as_state_or_as_value(assigned: object) -> None:
    job = Job()
    job.state = assigned
    assert job.state == "running"
    assert vars(job) == {"_detent_state": "running"}


@pytest.mark.parametrize("assigned", ["paused", "", None, 3, State("queued", "In the queue")])
def test_assigning_what_is_no_state_of_the_workflow_is_a_value_error(assigned: object) -> None:
    job = Job()
    with pytest.raises(InvalidState) as caught:
        job.state = assigned
    assert str(caught.value) == f"Value {assigned} is not a valid state for workflow JobWorkflow."
    assert isinstance(caught.value, ValueError)
    assert (caught.value.value, caught.value.workflow) == (assigned, "JobWorkflow")
    assert job.state == "queued"


def test_a_state_of_the_same_name_from_another_workflow_is_refused() -> None:
    job = Job()
    for foreign in (OtherWorkflow.states.queued, StateWrapper(OtherWorkflow.states.queued, OtherWorkflow())):
        with pytest.raises(InvalidState):
            job.state = foreign


def test_a_stored_state_that_the_workflow_lost_is_read_as_unknown_and_starts_no_transition() -> None:
    job = Job()
    vars(job)["_detent_state"] = "paused"
    assert job.state == "paused"
    assert not job.state.known
    assert not job.state.is_queued
    assert list(job.state.transitions()) == []


def test_two_readings_of_one_unknown_state_are_equal() -> None:
    job = Job()
    vars(job)["_detent_state"] = "paused"
    assert job.state == job.state
    assert {job.state} == {job.state}
    other = Job()
    vars(other)["_detent_state"] = "stopped"
    assert job.state != other.state


def test_an_unknown_state_cannot_be_assigned_on() -> None:
    job, other = Job(), Job()
    vars(job)["_detent_state"] = "paused"
    with pytest.raises(InvalidState):
        other.state = job.state


def test_a_state_is_formatted_as_its_name() -> None:
    job = Job()
    assert f"{job.state}, {job.state:>8}" == "queued,   queued"
