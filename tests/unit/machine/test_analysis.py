"""States that a workflow cannot reach or leave."""

from detent.machine import State, Workflow
from detent.machine.analysis import Edge, cycles, dead_ends, edges, reachable_states, unreachable_states
from tests.unit.machine.jobs import JobWorkflow


def names(states: list[State]) -> list[str]:
    return [state.name for state in states]


class Leaky(Workflow):
    states = (
        ("start", "Start"),
        ("stuck", "Stuck"),
        ("island", "Island"),
        ("shore", "Shore"),
        State("end", "End", final=True),
    )
    transitions = (
        ("jam", "start", "stuck"),
        ("shake", "stuck", "stuck"),
        ("swim", "island", "shore"),
        ("row", "shore", "island"),
        ("finish", ("start", "island"), "end"),
    )
    initial_state = "start"


def test_a_sound_workflow_has_no_unreachable_states_and_no_dead_ends() -> None:
    assert unreachable_states(JobWorkflow) == dead_ends(JobWorkflow) == []
    assert reachable_states(JobWorkflow) == list(JobWorkflow.states)


def test_states_to_which_nothing_leads_from_the_initial_one_are_unreachable() -> None:
    assert names(unreachable_states(Leaky)) == ["island", "shore"]
    assert names(reachable_states(Leaky)) == ["start", "stuck", "end"]


def test_a_state_that_only_loops_is_a_dead_end_unless_it_is_final() -> None:
    assert names(dead_ends(Leaky)) == ["stuck"]


def test_an_instance_is_analysed_as_its_class_is() -> None:
    assert unreachable_states(Leaky()) == unreachable_states(Leaky)
    assert dead_ends(Leaky()) == dead_ends(Leaky)


def test_a_transition_has_an_edge_from_each_of_its_sources() -> None:
    assert edges(JobWorkflow) == [
        Edge("start", "queued", "running"),
        Edge("complete", "running", "completed"),
        Edge("fail", "running", "failed"),
        Edge("retry", "failed", "queued"),
        Edge("cancel", "queued", "cancelled"),
        Edge("cancel", "running", "cancelled"),
        Edge("cancel", "failed", "cancelled"),
    ]


def test_an_edge_reads_from_its_source_to_its_target() -> None:
    assert str(edges(JobWorkflow)[0]) == "queued --start--> running"


def test_states_in_which_an_object_can_go_round_are_found_together() -> None:
    assert [names(cycle) for cycle in cycles(JobWorkflow)] == [["queued", "running", "failed"]]
    assert [names(cycle) for cycle in cycles(Leaky)] == [["stuck"], ["island", "shore"]]


def test_a_workflow_that_only_leads_on_has_no_cycles() -> None:
    class Straight(Workflow):
        states = (("a", "A"), ("b", "B"))
        transitions = (("go", "a", "b"),)
        initial_state = "a"

    assert cycles(Straight) == []
