"""An invoice with a log of its own, and a reminder of which only the latest transition is logged."""

from typing import Any, ClassVar

from django.db import models

from detent.workflow import (
    AbortTransition,
    State,
    StateField,
    Workflow,
    WorkflowEnabled,
    WorkflowQuerySet,
    before_transition,
)
from detent.workflow.logs import BaseLastTransitionLog, BaseTransitionLog
from tests.shop.models.claim import Claim


class InvoiceWorkflow(Workflow):
    """From due to paid, or written off."""

    states = (("due", "Due"), State("paid", "Paid", final=True), ("lost", "Lost"))
    transitions = (("pay", "due", "paid"), ("write_off", "due", "lost"), ("find", "lost", "due"))
    initial_state = "due"
    log_model = "shop.InvoiceLog"


class Invoice(WorkflowEnabled, models.Model):
    """What is to be paid."""

    number = models.CharField(max_length=20, unique=True)
    state = StateField(InvoiceWorkflow)

    objects = WorkflowQuerySet.as_manager()

    def __str__(self) -> str:
        return self.number


class InvoiceLog(BaseTransitionLog):
    """The log of invoices, which names the clerk that the call names."""

    MODIFIED_OBJECT_FIELD = "invoice"
    EXTRA_LOG_ATTRIBUTES: ClassVar[tuple[tuple[str, str, Any], ...]] = (("clerk", "clerk", "nobody"),)

    invoice = models.ForeignKey(Invoice, models.CASCADE, to_field="number", related_name="logs")
    clerk = models.CharField(max_length=20)


class ReminderWorkflow(InvoiceWorkflow):
    """As that of an invoice."""

    log_model = "shop.ReminderLog"


class Reminder(WorkflowEnabled, models.Model):
    """What is sent when an invoice is due."""

    text = models.CharField(max_length=20, blank=True)
    state = StateField(ReminderWorkflow)

    objects = WorkflowQuerySet.as_manager()

    def __str__(self) -> str:
        return self.text

    @before_transition("write_off")
    def claim(self) -> None:
        """Claim the loss, and settle it if the text says so; refuse what is to be kept, too late."""
        claim = Claim.objects.create(text=self.text)
        if self.text == "settle":
            claim.settle()
        if self.text == "keep":
            raise AbortTransition("keep")


class ReminderLog(BaseLastTransitionLog):
    """The latest transition of each reminder."""

    MODIFIED_OBJECT_FIELD = "reminder"

    reminder = models.OneToOneField(Reminder, models.CASCADE, related_name="log")
