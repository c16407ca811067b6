"""A booking: a model as code written for xworkflows and django-xworkflows declares it."""

from typing import Any

from django.db import models

import xworkflows
from django_xworkflows import models as xwf_models


class BookingWorkflow(xwf_models.Workflow):
    """From asked to confirmed, each step in no transaction of its own."""

    states = (("asked", "Asked"), ("confirmed", "Confirmed"), ("done", "Done"))
    transitions = (("confirm", "asked", "confirmed"), ("finish", "confirmed", "done"), ("reopen", "done", "asked"))
    initial_state = "asked"


class PaymentWorkflow(xwf_models.Workflow):
    """From due to settled, each step in one transaction."""

    states = (("due", "Due"), ("settled", "Settled"))
    transitions = (("settle", "due", "settled"),)
    initial_state = "due"
    implementation_class = xwf_models.TransactionalImplementationWrapper


class Booking(xwf_models.WorkflowEnabled):
    """A booking with two states."""

    note = models.CharField(max_length=40, blank=True)
    state = xwf_models.StateField(BookingWorkflow)
    payment = xwf_models.StateField(PaymentWorkflow)

    def __str__(self) -> str:
        return f"booking {self.pk}"

    @xworkflows.transition()
    def confirm(self, note: str) -> str:
        """Take none of the legacy's options."""
        self.note = note
        return note.upper()

    @xworkflows.before_transition("finish")
    def remember(self, *args: Any, **kwargs: Any) -> None:
        """Note which options reached the hook."""
        self.note = ",".join(sorted(kwargs))

    @xworkflows.after_transition("finish", "settle")
    def fail_if_asked(self, *args: Any, **kwargs: Any) -> None:
        """Fail after everything is written."""
        if kwargs.get("fail"):
            raise RuntimeError("after")

    @xworkflows.before_transition("no_such_transition")
    def never(self) -> None:
        """Never run, and not reported."""
