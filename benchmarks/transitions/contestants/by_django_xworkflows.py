"""django-xworkflows with its own log app, each transition in a transaction: `TransactionalImplementationWrapper`.

Many orders at once are moved one by one in one transaction, without a savepoint each.
"""

from columns import OrderColumns, filling
from django.apps import apps
from django.db import transaction
from shop import STATES, TRANSITIONS, create_tables
from timing import Run, filled, moving

from django_xworkflows.models import StateField, TransactionalImplementationWrapper, Workflow, WorkflowEnabled
from xworkflows import after_transition, transition_check


class OrderWorkflow(Workflow):
    """The cycle."""

    states = [(name, name) for name in STATES]
    transitions = TRANSITIONS
    initial_state = "draft"


class TransactionalOrderWorkflow(OrderWorkflow):
    """The cycle, with a transaction of its own for each transition."""

    implementation_class = TransactionalImplementationWrapper


class Checked:
    """The check and the after-hook."""

    @transition_check()
    def may_move(self) -> bool:
        """Guard."""
        return self.moves >= 0

    @after_transition()
    def note_move(self, result: object) -> None:
        """Follow a move."""
        self.moves += 1


def order_class(workflow: type[Workflow], *mixins: type) -> type[OrderColumns]:
    """Return the model with that workflow."""

    class Order(*mixins, WorkflowEnabled, OrderColumns):
        state = StateField(workflow)

        class Meta(OrderColumns.Meta):
            abstract = False

    return Order


def persisted(*, checked: bool) -> Run:
    """Measure a transition that is saved and logged in its own transaction."""
    order_type = order_class(TransactionalOrderWorkflow, *([Checked] if checked else []))
    create_tables()
    return moving(order_type.objects.create())


def bulk() -> Run:
    """Measure one by one, in one transaction, without check and hook."""
    order_type, log = order_class(OrderWorkflow), apps.get_model("xworkflow_log.TransitionLog")
    create_tables()

    def work() -> None:
        with transaction.atomic():
            for order in order_type.objects.filter(state="draft"):
                order.place()

    return filled(filling(order_type, log), work, log.objects.count)
