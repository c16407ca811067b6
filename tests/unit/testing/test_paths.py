"""The ways through a workflow."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.machine import UnknownState, Workflow
from detent.machine.analysis import edges, reachable_states
from detent.testing import Path, paths
from tests.unit.machine.drawn import TicketWorkflow, ToggleWorkflow
from tests.unit.machine.jobs import JobWorkflow


def declared(count: int, ways: set[tuple[int, int]]) -> type[Workflow]:
    class Random(Workflow):
        states = tuple((f"s{number}", "") for number in range(count))
        transitions = tuple((f"t{source}_{target}", f"s{source}", f"s{target}") for source, target in sorted(ways))
        initial_state = "s0"

    return Random


workflows = st.integers(1, 20).flatmap(
    lambda count: st.builds(
        declared,
        st.just(count),
        st.sets(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=40),
    )
)


def is_connected(path: Path) -> bool:
    return all(edge.target == following.source for edge, following in pairwise(path.edges))


@given(workflows)
def test_together_the_paths_take_each_edge_within_reach_and_each_begins_at_the_initial_state(
    workflow: type[Workflow],
) -> None:
    found = paths(workflow)
    within_reach = {state.name for state in reachable_states(workflow)}
    assert {edge for path in found for edge in path.edges} == {
        edge for edge in edges(workflow) if edge.source in within_reach
    }
    assert all(path.start == "s0" and is_connected(path) for path in found)


@given(workflows)
def test_each_path_takes_an_edge_that_none_before_took(workflow: type[Workflow]) -> None:
    seen = set()
    for path in paths(workflow):
        assert not seen.issuperset(path.edges)
        seen.update(path.edges)


def test_twenty_states_each_with_a_way_to_each_take_few_and_short_paths() -> None:
    workflow = declared(20, {(source, target) for source in range(20) for target in range(20)})
    found = paths(workflow)
    assert len(found) <= 400 / 10
    assert max(len(path.edges) for path in found) <= 25


def test_a_path_goes_on_for_as_long_as_there_is_something_new() -> None:
    assert [path.transitions for path in paths(JobWorkflow)] == [
        ("start", "complete"),
        ("cancel",),
        ("start", "fail", "retry"),
        ("start", "cancel"),
        ("start", "fail", "cancel"),
    ]


def test_a_path_is_named_by_its_start_and_its_transitions() -> None:
    assert str(paths(JobWorkflow)[0]) == "queued-start-complete"
    assert paths(JobWorkflow)[0].end == "completed"


def test_paths_can_start_elsewhere() -> None:
    assert {path.start for path in paths(JobWorkflow, start="failed")} == {"failed"}
    with pytest.raises(UnknownState):
        paths(JobWorkflow, start="paused")


def test_with_a_depth_there_is_every_path_that_takes_no_edge_twice() -> None:
    assert sorted(path.transitions for path in paths(JobWorkflow, depth=3)) == [
        ("cancel",),
        ("start", "cancel"),
        ("start", "complete"),
        ("start", "fail", "cancel"),
        ("start", "fail", "retry"),
    ]
    assert [path.transitions for path in paths(ToggleWorkflow, depth=9)] == [("switch_on", "switch_off")]


def test_a_loop_is_taken_once_in_a_path() -> None:
    assert all(len(set(path.edges)) == len(path.edges) for path in paths(TicketWorkflow, depth=6))


def test_a_workflow_without_transitions_has_no_paths() -> None:
    assert paths(declared(1, set())) == []
