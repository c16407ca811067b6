"""python-statemachine: the order is a machine, with a condition and an after-callback that it finds by name."""

from shop import STATES, TRANSITIONS, ring
from statemachine import State, StateMachine
from timing import Run, allocated, around, moving, timed


def order_class(states: object, transitions: object) -> type:
    """Return a class of orders with that workflow."""
    declared = {name: State(name, initial=index == 0) for index, name in enumerate(states)}
    events = {
        name: declared[source].to(declared[target], cond="may_move", after="note_move")
        for name, source, target in transitions
    }

    def may_move(self: object) -> bool:
        return self.moves >= 0

    def note_move(self: object) -> None:
        self.moves += 1

    return type(
        "Order", (StateMachine,), {**declared, **events, "moves": 0, "may_move": may_move, "note_move": note_move}
    )


def move() -> Run:
    """Measure a transition."""
    return moving(order_class(STATES, TRANSITIONS)())


def read() -> Run:
    """Measure reading the state."""
    order = order_class(STATES, TRANSITIONS)()

    def work(number: int) -> None:
        for _ in range(number // 3):
            order.current_state_value  # noqa: B018 - the reading is what is measured
            order.current_state_value  # noqa: B018
            order.current_state_value  # noqa: B018

    return timed(work)


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
