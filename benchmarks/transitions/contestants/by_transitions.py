"""transitions: one machine for all orders, a condition and an after-callback named on each transition."""

from shop import STATES, TRANSITIONS, ring
from timing import Run, allocated, around, moving, reading
from transitions import Machine


class Order:
    """The model of a machine."""

    moves = 0

    def may_move(self) -> bool:
        """Guard."""
        return self.moves >= 0

    def note_move(self) -> None:
        """Follow a move."""
        self.moves += 1


def machine(states: object, transitions: object) -> Machine:
    """Return the machine of a workflow, without the transitions that the package would add."""
    ways = [
        {"trigger": name, "source": source, "dest": target, "conditions": "may_move", "after": "note_move"}
        for name, source, target in transitions
    ]
    return Machine(model=None, states=list(states), transitions=ways, initial=states[0], auto_transitions=False)


def order_of(owner: Machine) -> Order:
    """Return a new order."""
    order = Order()
    owner.add_model(order)
    return order


def move() -> Run:
    """Measure a transition."""
    return moving(order_of(machine(STATES, TRANSITIONS)))


def read() -> Run:
    """Measure reading the state."""
    return reading(order_of(machine(STATES, TRANSITIONS)))


def turn(size: int) -> Run:
    """Measure a transition among many."""
    states, transitions = ring(size)
    order = order_of(machine(states, transitions))
    return around([name for name, _, _ in transitions], lambda name: getattr(order, name)())


def memory() -> Run:
    """Measure an order that was moved once."""
    owner = machine(STATES, TRANSITIONS)

    def make() -> Order:
        order = order_of(owner)
        order.place()
        return order

    return allocated(make)
