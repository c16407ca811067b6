"""Random workflows and random calls: the machine does what a table of states would."""

import string
from dataclasses import dataclass, field

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from detent.machine import (
    ForbiddenTransition,
    InvalidState,
    InvalidTransitionError,
    Workflow,
    WorkflowEnabled,
    after_transition,
    on_leave_state,
    transition_check,
)

state_names = st.lists(st.text(string.ascii_lowercase, min_size=1, max_size=3), min_size=1, max_size=6, unique=True)


@dataclass
class Table:
    """The naive model: where an object is, which moves there are, and which of them are closed."""

    state: str
    moves: dict[str, tuple[set[str], str]]
    closed: set[str] = field(default_factory=set)
    trace: list[str] = field(default_factory=list)

    def expected_error(self, name: str) -> type[Exception] | None:
        sources, _ = self.moves[name]
        if self.state not in sources:
            return InvalidTransitionError
        return ForbiddenTransition if name in self.closed else None

    def move(self, name: str) -> None:
        before, self.state = self.state, self.moves[name][1]
        self.trace += [f"left {before}", f"did {name}"]


class Watched:
    def __init__(self, closed: set[str]) -> None:
        self.closed = closed
        self.trace: list[str] = []

    @transition_check()
    def is_open(self, name: str) -> bool:
        return name not in self.closed

    @on_leave_state()
    def left(self) -> None:
        self.trace.append(f"left {self.state}")

    @after_transition()
    def did(self, name: str) -> None:
        self.trace.append(f"did {name}")


class WatchedWithoutArguments:
    """The same with hooks that take the object only, so that calls take the shortcut."""

    calling = ""

    def __init__(self, closed: set[str]) -> None:
        self.closed = closed
        self.trace: list[str] = []

    @transition_check()
    def is_open(self) -> bool:
        return self.calling not in self.closed

    @on_leave_state()
    def left(self) -> None:
        self.trace.append(f"left {self.state}")

    @after_transition()
    def did(self) -> None:
        self.trace.append(f"did {self.calling}")


class MachineAgainstTable(RuleBasedStateMachine):
    watched: type = Watched

    @initialize(names=state_names, data=st.data())
    def declare(self, names: list[str], data: st.DataObject) -> None:
        sources = st.sets(st.sampled_from(names), min_size=1)
        moves = data.draw(st.lists(st.tuples(sources, st.sampled_from(names)), min_size=1, max_size=8))
        self.table = Table(data.draw(st.sampled_from(names)), {f"move_{n}": move for n, move in enumerate(moves)})
        declared = {
            "states": tuple((name, name.upper()) for name in names),
            "transitions": tuple((name, sorted(sources), end) for name, (sources, end) in self.table.moves.items()),
            "initial_state": self.table.state,
        }
        workflow = type("RandomWorkflow", (Workflow,), declared)()
        self.names = names
        self.object = type("RandomObject", (self.watched, WorkflowEnabled), {"state": workflow})(self.table.closed)

    @rule(data=st.data())
    def call(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.table.moves)))
        error = self.table.expected_error(name)
        self.object.calling = name
        if error is None:
            getattr(self.object, name)(name=name)
            self.table.move(name)
        else:
            with pytest.raises(error):
                getattr(self.object, name)(name=name)

    def is_available(self, name: str) -> bool:
        self.object.calling = name
        available: bool = getattr(self.object, name).is_available(name=name)
        return available

    @rule(data=st.data())
    def open_or_close(self, data: st.DataObject) -> None:
        self.table.closed ^= {data.draw(st.sampled_from(sorted(self.table.moves)))}

    @rule(data=st.data())
    def assign(self, data: st.DataObject) -> None:
        self.table.state = data.draw(st.sampled_from(self.names))
        self.object.state = self.table.state

    @rule(name=st.text(string.ascii_uppercase))
    def assign_nonsense(self, name: str) -> None:
        with pytest.raises(InvalidState):
            self.object.state = name

    @invariant()
    def the_object_is_where_the_table_says(self) -> None:
        if hasattr(self, "table"):
            assert self.object.state == self.table.state
            assert self.object.trace == self.table.trace

    @invariant()
    def what_is_available_is_what_the_table_allows(self) -> None:
        if hasattr(self, "table"):
            available = {name for name in self.table.moves if self.is_available(name)}
            assert available == {name for name in self.table.moves if self.table.expected_error(name) is None}
            starting = {transition.name for transition in self.object.state.transitions()}
            assert starting == {name for name, (sources, _) in self.table.moves.items() if self.table.state in sources}


test_the_machine_does_what_a_table_would = MachineAgainstTable.TestCase
test_the_machine_does_what_a_table_would.settings = settings(max_examples=50)


class ShortcutAgainstTable(MachineAgainstTable):
    watched = WatchedWithoutArguments


test_the_shortcut_does_what_a_table_would = ShortcutAgainstTable.TestCase
test_the_shortcut_does_what_a_table_would.settings = settings(max_examples=50)
