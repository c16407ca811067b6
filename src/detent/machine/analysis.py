"""What a workflow's declaration shows without running it: its edges, and states that cannot be reached, or left."""

from dataclasses import dataclass

from detent.machine.definition import State
from detent.machine.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Edge:
    """One way from a state to a state; a transition has one from each of its sources.

    Attributes:
        transition: The name of the transition.
        source: The name of the state where it starts.
        target: The name of the state where it ends.
    """

    transition: str
    source: str
    target: str

    def __str__(self) -> str:
        return f"{self.source} --{self.transition}--> {self.target}"


def edges(workflow: Workflow | type[Workflow]) -> list[Edge]:
    """List the edges, in order of declaration."""
    return [
        Edge(transition.name, source.name, transition.target.name)
        for transition in workflow.transitions
        for source in transition.source
    ]


def reachable_states(workflow: Workflow | type[Workflow]) -> list[State]:
    """List the states that transitions lead to from the initial state, itself included, in order of declaration."""
    reached = {workflow.initial_state, *_states_after(workflow.initial_state, workflow)}
    return [state for state in workflow.states if state in reached]


def unreachable_states(workflow: Workflow | type[Workflow]) -> list[State]:
    """List the states that no transitions lead to from the initial state; only an assignment sets them."""
    reached = reachable_states(workflow)
    return [state for state in workflow.states if state not in reached]


def dead_ends(workflow: Workflow | type[Workflow]) -> list[State]:
    """List the states that no transition leaves although they are not marked as final."""
    left = {
        source for transition in workflow.transitions for source in transition.source if source is not transition.target
    }
    return [state for state in workflow.states if not state.final and state not in left]


def cycles(workflow: Workflow | type[Workflow]) -> list[list[State]]:
    """List the sets of states in which an object can go round: from each of a set transitions lead to each of it.

    A state that only a transition to itself makes one counts; each state is in one set at most. The sets stand in order
    of declaration, and so do the states in each.
    """
    following = {state: _states_after(state, workflow) for state in workflow.states}
    found: list[list[State]] = []
    for state in workflow.states:
        if state in following[state] and not any(state in cycle for cycle in found):
            found.append(
                [other for other in workflow.states if other in following[state] and state in following[other]]
            )
    return found


def _states_after(state: State, workflow: Workflow | type[Workflow]) -> set[State]:
    """Return the states that one or several transitions lead to from a state."""
    reached: set[State] = set()
    waiting = [state]
    while waiting:
        for transition in workflow.transitions.available_from(waiting.pop()):
            if transition.target not in reached:
                reached.add(transition.target)
                waiting.append(transition.target)
    return reached
