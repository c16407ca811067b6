"""A ticket: its history begins with its creation, as does that of the kinds of it."""

from django.db import models

from detent.workflow import Move, State, StateField, Workflow, WorkflowEnabled, WorkflowQuerySet


class TicketWorkflow(Workflow):
    """From open to closed."""

    states = (("open", "Open"), State("closed", "Closed", final=True))
    transitions = (("close", "open", "closed"),)
    initial_state = "open"
    log_creation = True


class Ticket(WorkflowEnabled, models.Model):
    """What somebody asks for."""

    title = models.CharField(max_length=40, blank=True)
    state = StateField(TicketWorkflow)

    objects = WorkflowQuerySet.as_manager()

    close: Move

    def __str__(self) -> str:
        return self.title


class UrgentTicket(Ticket):
    """A ticket with a row in a table of its own."""

    deadline = models.DateField(null=True)
