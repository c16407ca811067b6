"""A loan: two states, each with a log of its own kind, both of which begin with its creation."""

from typing import Any, ClassVar

from django.contrib.contenttypes.models import ContentType
from django.db import models

from detent.workflow import Move, State, StateField, Workflow, WorkflowEnabled, WorkflowQuerySet
from detent.workflow.logs import BaseTransitionLog, GenericLastTransitionLog


class LoanLog(BaseTransitionLog):
    """A log of loans alone, which says why; it goes with its loan."""

    MODIFIED_OBJECT_FIELD = "loan"
    EXTRA_LOG_ATTRIBUTES: ClassVar[tuple[tuple[str, str, Any], ...]] = (("reason", "reason", "none given"),)

    loan = models.ForeignKey("shop.Loan", on_delete=models.CASCADE)
    reason = models.CharField(max_length=40)


class LastReminderLog(GenericLastTransitionLog):
    """A log of the latest reminder."""

    # The shop has no migrations, so that its tables are made before those of other apps.
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, null=True, db_constraint=False)


class LoanWorkflow(Workflow):
    """From lent to returned."""

    states = (("lent", "Lent"), State("returned", "Returned", final=True))
    transitions = (("give_back", "lent", "returned"),)
    initial_state = "lent"
    log_model = "shop.LoanLog"
    log_creation = True


class ReminderWorkflow(Workflow):
    """How often the reader was reminded."""

    states = (("never", "Never"), ("once", "Once"), ("often", "Often"))
    transitions = (("remind", "never", "once"), ("insist", ("once", "often"), "often"), ("forgive", "often", "never"))
    initial_state = "never"
    log_model = "shop.LastReminderLog"
    log_creation = True


class Loan(WorkflowEnabled, models.Model):
    """A book lent to a reader."""

    reader = models.CharField(max_length=40, blank=True)
    state = StateField(LoanWorkflow)
    reminder = StateField(ReminderWorkflow)

    objects = WorkflowQuerySet.as_manager()

    give_back: Move
    remind: Move
    insist: Move
    forgive: Move

    def __str__(self) -> str:
        return f"loan to {self.reader}"
