"""The limits in memory, written by hand: a dict of transitions, and a data descriptor that keeps the state."""

from shop import TRANSITIONS, ring
from timing import Run, allocated, around, moving, reading, timed


class Order:
    """A plain object with a state."""

    moves = 0

    def __init__(self, state: str) -> None:
        self.state = state


def may_move(order: Order) -> bool:
    """Guard."""
    return order.moves >= 0


def note_move(order: Order) -> None:
    """Follow a move."""
    order.moves += 1


def table_of(transitions: object) -> dict:
    """Return what follows from a state and the name of a transition."""
    return {(source, name): (target, may_move, note_move) for name, source, target in transitions}


def move_by(table: dict, order: Order, name: str) -> None:
    """Move an order as the table has it."""
    target, guard, hook = table[order.state, name]
    if not guard(order):
        raise ValueError(name)
    order.state = target
    hook(order)


def move() -> Run:
    """Measure a transition."""
    table, order = table_of(TRANSITIONS), Order("draft")

    def work(number: int) -> None:
        for _ in range(number // 3):
            move_by(table, order, "place")
            move_by(table, order, "pay")
            move_by(table, order, "reopen")

    return timed(work)


class Bound:
    """A transition of one order, made when it is read from the order."""

    __slots__ = ("name", "order", "table")

    def __init__(self, table: dict, order: Order, name: str) -> None:
        self.table = table
        self.order = order
        self.name = name

    def __call__(self) -> None:
        order = self.order
        target, guard, hook = self.table[order.state, self.name]
        if not guard(order):
            raise ValueError(self.name)
        order.state = target
        hook(order)


class BoundMove:
    """What reads as a bound transition of an order."""

    def __init__(self, table: dict, name: str) -> None:
        self.table = table
        self.name = name

    def __get__(self, order: Order, owner: type) -> Bound:
        return Bound(self.table, order, self.name)


def move_bound() -> Run:
    """Measure a transition that is a method of the order, as those of the packages are."""
    table = table_of(TRANSITIONS)
    methods = {name: BoundMove(table, name) for name, _, _ in TRANSITIONS}
    return moving(type("BoundOrder", (Order,), methods)("draft"))


def turn(size: int) -> Run:
    """Measure a transition among many."""
    states, transitions = ring(size)
    table, order = table_of(transitions), Order(states[0])
    return around([name for name, _, _ in transitions], lambda name: move_by(table, order, name))


def memory() -> Run:
    """Measure an order that was moved once."""
    table = table_of(TRANSITIONS)

    def make() -> Order:
        order = Order("draft")
        move_by(table, order, "place")
        return order

    return allocated(make)


class StoredState:
    """A data descriptor that returns what the object stores."""

    def __get__(self, instance: object, owner: type) -> object:
        if instance is None:
            return self
        return instance.__dict__["state"]

    def __set__(self, instance: object, value: object) -> None:
        instance.__dict__["state"] = value


class InternedState(StoredState):
    """A data descriptor that returns the one value object of the state whose name the object stores."""

    values = {"draft": object()}

    def __get__(self, instance: object, owner: type) -> object:
        if instance is None:
            return self
        return self.values[instance.__dict__["state"]]


def read() -> Run:
    """Measure reading what is stored."""
    return reading(type("DescribedOrder", (Order,), {"state": StoredState()})("draft"))


def read_interned() -> Run:
    """Measure reading the value that stands for what is stored."""
    return reading(type("InternedOrder", (Order,), {"state": InternedState()})("draft"))
