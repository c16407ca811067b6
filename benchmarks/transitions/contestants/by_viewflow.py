"""django-viewflow's fsm: a `State` on a plain class, a condition on each transition, `on_success` as the after-hook."""

from shop import STATES, TRANSITIONS, ring
from timing import Run, allocated, around, moving, reading
from viewflow.fsm import State


def may_move(order: object) -> bool:
    """Guard."""
    return order.moves >= 0


def methods(state: State, transitions: object, conditions: tuple = (may_move,)) -> dict:
    """Return what goes into the class: a transition each, which does nothing itself."""

    def implementation(name: str) -> object:
        def nothing(self: object) -> None: ...

        nothing.__name__ = name
        return nothing

    return {
        name: state.transition(source=source, target=target, conditions=list(conditions))(implementation(name))
        for name, source, target in transitions
    }


def order_class(states: object, transitions: object) -> type:
    """Return a class of orders with that workflow."""
    state = State(states, default=states[0])

    @state.on_success()
    def note_move(self: object, descriptor: object, source: object, target: object) -> None:
        self.moves += 1

    return type("Order", (), {"moves": 0, "state": state, **methods(state, transitions)})


def move() -> Run:
    """Measure a transition."""
    return moving(order_class(STATES, TRANSITIONS)())


def read() -> Run:
    """Measure reading the state."""
    return reading(order_class(STATES, TRANSITIONS)())


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
