"""Points 12 to 18 and 20 of the drop-in behaviour on plain objects: what reading and assigning a state does."""

import pytest

import xworkflows
from tests.unit.dropin.points.jobs import Job, JobWorkflow
from xworkflows import base


def test_reading_gives_a_state_wrapper_and_the_class_a_state_property():
    """Point 12: on an instance and on a class."""
    assert isinstance(Job().state, base.StateWrapper)
    assert isinstance(Job.state, base.StateProperty)
    assert isinstance(Job.state.workflow, JobWorkflow)
    assert "state" in str(Job.state)


def test_a_state_equals_its_state_its_name_and_any_wrapper_of_it():
    """Point 13: and `State == wrapper` by reflection."""
    one, other = Job(), Job()
    queued = JobWorkflow.states.queued
    assert one.state == other.state
    assert one.state == queued
    assert queued == one.state
    assert one.state == "queued"
    assert one.state == "queued"
    assert one.state != JobWorkflow.states.done
    assert one.state != "done"
    assert one.state != 0


def test_it_hashes_as_its_name():
    """Point 14: so that it is found in sets, dicts and lists of names."""
    state = Job().state
    assert hash(state) == hash("queued")
    assert state in {"queued"}
    assert {"queued": 1}[state] == 1
    assert state in ["queued"]


def test_its_text_is_its_name():
    """Point 15: `str(wrapper)` = name."""
    assert str(Job().state) == f"{Job().state}" == "queued"


def test_it_says_for_each_state_whether_it_is_that():
    """Point 16: `is_<name>` as attribute (bool, not method)."""
    state = Job().state
    assert (state.is_queued, state.is_running, state.is_done) == (True, False, False)


def test_an_unknown_attribute_is_one_of_the_state():
    """Point 16: unknown: `AttributeError` on 'State' object."""
    with pytest.raises(AttributeError, match="'State' object has no attribute 'is_lost'"):
        _ = Job().state.is_lost


def test_its_transitions_are_a_method():
    """Point 17: `.workflow`, `.state`, `.name`, `.title` are attributes."""
    state = Job().state
    assert [transition.name for transition in state.transitions()] == ["start"]
    assert (state.workflow, state.state) == (Job.state.workflow, JobWorkflow.states.queued)
    assert (state.name, state.title) == ("queued", "Queued")


def test_states_have_no_order():
    """Point 17: not orderable."""
    with pytest.raises(TypeError):
        _ = Job().state < Job().state


@pytest.mark.parametrize(
    "value", ["done", JobWorkflow.states.done, base.StateWrapper(JobWorkflow.states.done, JobWorkflow())]
)
def test_a_state_is_assigned_as_name_state_or_wrapper(value):
    """Point 18: assignment accepts each."""
    job = Job()
    job.state = value
    assert job.state.is_done


@pytest.mark.parametrize("value", ["nowhere", "", base.State("nowhere", "Nowhere")])
def test_what_is_no_state_cannot_be_assigned(value):
    """Point 18: ValueError, and the state stays."""
    job = Job()
    with pytest.raises(ValueError, match=f"^Value {value} is not a valid state for workflow .*"):
        job.state = value
    assert job.state.is_queued


def test_a_state_of_another_workflow_is_refused_though_it_has_the_name():
    """Point 20: a same-named State."""

    class Other(xworkflows.Workflow):
        states = (("queued", "Queued"), ("done", "Done"))
        initial_state = "queued"

    job = Job()
    with pytest.raises(ValueError, match="is not a valid state"):
        job.state = Other.states.done


def test_assigning_a_state_runs_nothing():
    """Point 20: direct assignment of a valid state is allowed and runs no hook."""

    class Watched(Job):
        @xworkflows.on_enter_state("done")
        def enter(self, *args, **kwargs):
            self.trace.append("enter")

    job = Watched()
    job.state = "done"
    assert job.state.is_done
    assert job.trace == []
