"""django-fsm-2, on a model: a condition on each transition; its after-hook is the method's own body.

It is in memory what is not saved, without django-fsm-log. With it, the log's row is written by the transition, in the
transaction in which the caller saves.
"""

from collections.abc import Callable

from columns import OrderColumns, filling
from django.apps import apps
from django.db import transaction
from django_fsm import FSMField
from django_fsm import transition as fsm_transition
from shop import STATES, TRANSITIONS, create_tables, ring
from timing import Run, allocated, around, filled, moving, reading, timed


def may_move(order: OrderColumns) -> bool:
    """Guard."""
    return order.moves >= 0


def note_move(order: OrderColumns) -> None:
    """Follow a move."""
    order.moves += 1


def order_class(states: object, transitions: object, *, checked: bool = True) -> type[OrderColumns]:
    """Return the model with that workflow, with a guard and an after-hook or without."""
    conditions = [may_move] if checked else []
    state = FSMField(default=states[0], max_length=16)

    def implementation(name: str) -> Callable[[OrderColumns], None]:
        def move(self: OrderColumns) -> None:
            if checked:
                note_move(self)

        move.__name__ = name
        move.__qualname__ = f"Order.{name}"
        return move

    methods = {
        name: fsm_transition(field=state, source=source, target=target, conditions=conditions)(implementation(name))
        for name, source, target in transitions
    }
    return type("Order", (OrderColumns,), {"__module__": __name__, "state": state, **methods})


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


def persisted(*, checked: bool) -> Run:
    """Measure a transition that is saved and logged in its own transaction."""
    order_type = order_class(STATES, TRANSITIONS, checked=checked)
    create_tables()
    order = order_type.objects.create()

    def move_and_save(move: Callable[[], None]) -> None:
        with transaction.atomic():
            move()
            order.save()

    def work(number: int) -> None:
        for _ in range(number // 3):
            move_and_save(order.place)
            move_and_save(order.pay)
            move_and_save(order.reopen)

    return timed(work)


def bulk() -> Run:
    """Measure one by one, in one transaction, without guard and hook."""
    order_type, log = order_class(STATES, TRANSITIONS, checked=False), apps.get_model("django_fsm_log.StateLog")
    create_tables()

    def work() -> None:
        with transaction.atomic():
            for order in order_type.objects.filter(state="draft"):
                order.place()
                order.save()

    return filled(filling(order_type, log), work, log.objects.count)
