"""`detent.workflow` with its log app, as its user writes it: a workflow, a check and an after-hook on a model."""

from columns import OrderColumns, filling
from django.apps import apps
from shop import STATES, TRANSITIONS, create_tables
from timing import Run, filled, moving

from detent.workflow import (
    StateField,
    Workflow,
    WorkflowEnabled,
    WorkflowQuerySet,
    after_transition,
    transition_check,
)


class OrderWorkflow(Workflow):
    """The cycle."""

    states = [(name, name) for name in STATES]
    transitions = TRANSITIONS
    initial_state = "draft"


class Checked:
    """The check and the after-hook."""

    @transition_check()
    def may_move(self) -> bool:
        """Guard."""
        return self.moves >= 0

    @after_transition()
    def note_move(self) -> None:
        """Follow a move."""
        self.moves += 1


class Order(WorkflowEnabled, OrderColumns):
    """An order with a state."""

    state = StateField(OrderWorkflow)

    objects = WorkflowQuerySet.as_manager()


class CheckedOrder(Checked, WorkflowEnabled, OrderColumns):
    """An order with a state, a check and an after-hook."""

    state = StateField(OrderWorkflow)


class OwnSave:
    """A `save()` of the model's own, which the transition has to call."""

    def save(self, *args: object, **kwargs: object) -> None:
        """Do nothing else."""
        super().save(*args, **kwargs)


class OwnSaveOrder(OwnSave, WorkflowEnabled, OrderColumns):
    """An order with a state, saved in a way of its own."""

    state = StateField(OrderWorkflow)


class CheckedOwnSaveOrder(OwnSave, Checked, WorkflowEnabled, OrderColumns):
    """An order with a state, a check and an after-hook, saved in a way of its own."""

    state = StateField(OrderWorkflow)


def persisted(*, checked: bool) -> Run:
    """Measure a transition that is saved and logged in its own transaction.

    With nothing around it that is, on PostgreSQL, one statement and no transaction beside it.
    """
    create_tables()
    return moving((CheckedOrder if checked else Order).objects.create())


def persisted_by_save(*, checked: bool) -> Run:
    """Measure the same where the model overrides `save()`."""
    create_tables()
    return moving((CheckedOwnSaveOrder if checked else OwnSaveOrder).objects.create())


def bulk(*, rule: bool = False) -> Run:
    """Measure many at once, with a rule that each of them triggers, or with none."""
    if not hasattr(WorkflowQuerySet, "transition"):
        raise NotImplementedError("not available: this tree has no QuerySet.transition()")
    log = apps.get_model("xworkflow_log.TransitionLog")
    create_tables()
    if rule:
        make_rule()

    def work() -> None:
        Order.objects.filter(state="draft").transition("place")

    return filled(filling(Order, log), work, log.objects.count)


def make_rule() -> None:
    """Make an active rule that each move triggers, with one action."""
    # Of the one contestant that has the app.
    from detent.trigger import Delivery, action
    from detent.trigger.handler import get_trigger_rule_handler

    @action("benchmark.nothing")
    def nothing(delivery: Delivery) -> None: ...

    actions = [{"action": "benchmark.nothing", "input": {}}]
    configuration = {"version": "1.0", "model": "orders.order", "to": ["placed"], "actions": actions}
    get_trigger_rule_handler("TRANSITION").create_trigger_rule(configuration, "placed orders")
