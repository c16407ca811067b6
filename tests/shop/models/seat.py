"""A seat: its key is of two columns."""

from django.db import models

from detent.workflow import Move, StateField, Workflow, WorkflowEnabled


class SeatWorkflow(Workflow):
    """From free to taken and back."""

    states = (("free", "Free"), ("taken", "Taken"))
    transitions = (("take", "free", "taken"), ("leave", "taken", "free"))
    initial_state = "free"


class Seat(WorkflowEnabled, models.Model):
    """A seat in a hall."""

    pk = models.CompositePrimaryKey("hall", "number")
    hall = models.CharField(max_length=20)
    number = models.IntegerField()
    state = StateField(SeatWorkflow)

    take: Move
    leave: Move

    def __str__(self) -> str:
        return f"seat {self.number} in {self.hall}"
