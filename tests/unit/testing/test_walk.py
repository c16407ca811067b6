"""Taking objects along all ways through their workflow."""

import re

import pytest

from detent.errors import DetentError
from detent.machine import (
    NotEnabled,
    State,
    UnknownTransition,
    Workflow,
    WorkflowEnabled,
    after_transition,
    transition,
    transition_check,
)
from detent.machine.analysis import Edge, edges
from detent.testing import WalkFailed, follow, paths, walk
from tests.unit.machine.drawn import DenseWorkflow, TicketWorkflow
from tests.unit.machine.jobs import JobWorkflow


class Job(WorkflowEnabled):
    state = JobWorkflow()

    def __init__(self) -> None:
        self.tries = 0
        self.log: list[str] = []

    @transition()
    def fail(self, reason: str) -> None:
        self.log.append(reason)

    @transition_check("retry", reason="No tries are left.")
    def has_tries_left(self) -> bool:
        return self.tries > 0


def with_tries(job: Job) -> dict[str, str]:
    job.tries = 1
    return {"reason": "no disk"}


def test_a_walk_takes_every_edge_of_the_workflow_with_the_arguments_it_is_given() -> None:
    done = walk(Job, arguments={"fail": with_tries})
    assert set(done.taken) == set(edges(JobWorkflow))
    assert (done.workflow, done.failures, done.missed) == ("JobWorkflow", [], [])


@pytest.mark.parametrize("workflow", [TicketWorkflow, DenseWorkflow])
def test_loops_and_ways_back_are_walked_with_few_objects(workflow: type[Workflow]) -> None:
    class Thing(WorkflowEnabled):
        state = workflow()

    done = walk(Thing)
    assert set(done.taken) == set(edges(workflow))
    assert done.objects < len(edges(workflow)) / 2


def test_a_refusal_is_reported_with_its_check_and_what_lies_behind_it_is_named() -> None:
    class Gated(Workflow):
        states = (("a", "A"), ("b", "B"), ("c", "C"))
        transitions = (("enter", "a", "b"), ("go_on", "b", "c"), ("leave", "c", "a"))
        initial_state = "a"

    class Visitor(WorkflowEnabled):
        state = Gated()

        @transition_check("go_on", reason="No ticket.")
        def has_ticket(self) -> bool:
            return False

    with pytest.raises(WalkFailed) as failed:
        walk(Visitor)
    (failure,) = failed.value.walk.failures
    assert (failure.edge, failure.verdict.code, failure.verdict.check) == (edges(Gated)[1], "check", "has_ticket")
    assert failed.value.walk.missed == [Edge("leave", "c", "a")]
    assert str(failed.value).splitlines() == [
        "1 of 3 edges of Gated could not be taken:",
        "  b --go_on--> c (after enter): refused (check has_ticket): No ticket.",
        "Not reached because of that:",
        "  c --leave--> a",
    ]
    assert isinstance(failed.value, DetentError)
    assert isinstance(failed.value, AssertionError)


def test_all_failures_are_reported_at_once_and_the_other_edges_are_walked() -> None:
    with pytest.raises(WalkFailed, match=r"fail\(\) missing 1 required") as failed:
        walk(Job)
    assert failed.value.walk.failures[0].verdict is None
    assert [edge.transition for edge in failed.value.walk.taken] == ["start", "complete", "cancel", "cancel"]
    assert [edge.transition for edge in failed.value.walk.missed] == ["retry", "cancel"]


def test_transitions_can_be_left_out() -> None:
    done = walk(Job, without=["fail"])
    assert "fail" not in {edge.transition for edge in done.taken}
    assert done.missed == []


def test_a_check_whose_argument_is_missing_is_named() -> None:
    class Picky(WorkflowEnabled):
        state = JobWorkflow()

        @transition()
        def start(self, worker: str) -> None: ...

        @transition_check("start")
        def is_known(self, worker: str) -> bool:
            return worker == "w1"

    with pytest.raises(WalkFailed, match=r"MissingArgument: .*worker, which is_known must know"):
        walk(Picky)
    assert len(walk(Picky, arguments={"start": {"worker": "w1"}}).taken) == len(edges(JobWorkflow))


def test_hooks_may_move_an_object_on() -> None:
    class Chained(Workflow):
        states = (("a", "A"), ("b", "B"), State("c", "C"), State("d", "D", final=True))
        transitions = (("go", "a", "b"), ("hop", "b", "c"), ("end", "c", "d"), ("back", "b", "a"))
        initial_state = "a"

    class Hopper(WorkflowEnabled):
        state = Chained()

        @after_transition("go")
        def hop_on(self) -> None:
            self.hop()

    done = walk(Hopper)
    assert [edge.transition for edge in done.taken] == ["go", "end"]
    assert [edge.transition for edge in done.missed] == ["hop", "back"]


def test_with_a_depth_every_path_gets_an_object_of_its_own() -> None:
    done = walk(Job, arguments={"fail": with_tries}, depth=4)
    assert done.objects == len(paths(JobWorkflow, depth=4))
    assert set(done.taken) == set(edges(JobWorkflow))


def test_with_a_depth_a_failing_edge_is_tried_once() -> None:
    with pytest.raises(WalkFailed) as failed:
        walk(Job, depth=4)
    assert [failure.edge.transition for failure in failed.value.walk.failures] == ["fail"]
    assert {edge.transition for edge in failed.value.walk.missed} == {"retry", "cancel"}


def test_objects_need_not_begin_at_the_initial_state() -> None:
    def failed() -> Job:
        job = Job()
        job.state = "failed"
        job.tries = 1
        return job

    assert walk(failed, without=["start"]).taken[0] == Edge("retry", "failed", "queued")


def test_an_unknown_transition_among_the_arguments_is_an_error() -> None:
    with pytest.raises(UnknownTransition, match="'strat'"):
        walk(Job, arguments={"strat": {}})
    with pytest.raises(UnknownTransition, match="'strat'"):
        walk(Job, without=["strat"])


def test_which_of_several_states_is_walked_must_be_said() -> None:
    class Twofold(WorkflowEnabled):
        state = JobWorkflow()
        ticket = TicketWorkflow()

    with pytest.raises(NotEnabled, match="The state fields of Twofold are: state, ticket; name one by field="):
        walk(Twofold)
    assert walk(Twofold, field="ticket").workflow == "TicketWorkflow"
    with pytest.raises(NotEnabled, match="are: none"):
        walk(object)


@pytest.mark.parametrize("path", paths(JobWorkflow), ids=str)
def test_an_object_can_be_taken_along_a_path(path) -> None:
    job = Job()
    follow(path, job, arguments={"fail": with_tries})
    assert job.state == path.end


def test_a_path_that_cannot_be_followed_says_where_and_why() -> None:
    path = next(path for path in paths(JobWorkflow) if path.transitions == ("start", "fail", "retry"))
    with pytest.raises(WalkFailed, match=re.escape("failed --retry--> queued (after start, fail): refused (check has")):
        follow(path, Job(), arguments={"fail": {"reason": "x"}})


def test_a_path_that_leads_elsewhere_says_so() -> None:
    class Restless(WorkflowEnabled):
        state = JobWorkflow()

        @after_transition("start")
        def done_at_once(self) -> None:
            self.complete()

    path = next(path for path in paths(JobWorkflow) if path.transitions == ("start", "fail", "retry"))
    with pytest.raises(
        WalkFailed, match=r"1 of 3 edges .*\n  queued --start--> running: led to completed, not to running"
    ):
        follow(path, Restless())
