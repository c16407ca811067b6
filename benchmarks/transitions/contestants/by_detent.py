"""`detent.machine`, as its user writes it: a workflow, a check and an after-hook."""

from shop import STATES, TRANSITIONS, ring
from timing import Run, allocated, around, moving, reading

from detent.machine import Workflow, WorkflowEnabled, after_transition, transition_check


def order_class(states: object, transitions: object) -> type:
    """Return a class of orders with that workflow."""
    declared = {"states": [(name, name) for name in states], "transitions": transitions, "initial_state": states[0]}
    workflow = type("OrderWorkflow", (Workflow,), declared)

    class Order(WorkflowEnabled):
        state = workflow()
        moves = 0

        @transition_check()
        def may_move(self) -> bool:
            return self.moves >= 0

        @after_transition()
        def note_move(self) -> None:
            self.moves += 1

    return Order


def move() -> Run:
    """Measure a transition."""
    return moving(order_class(STATES, TRANSITIONS)())


def read() -> Run:
    """Measure reading the state of an order that was moved."""
    order = order_class(STATES, TRANSITIONS)()
    order.place()
    return reading(order)


def turn(size: int) -> Run:
    """Measure a transition among many."""
    states, transitions = ring(size)
    order = order_class(states, transitions)()
    return around([name for name, _, _ in transitions], lambda name: getattr(order, name)())


def memory() -> Run:
    """Measure an order that was moved once."""
    order_type = order_class(STATES, TRANSITIONS)

    def make() -> object:
        order = order_type()
        order.place()
        return order

    return allocated(make)
