"""Reservations that lapse by themselves."""

from datetime import timedelta

from django.db import models

from detent.workflow import (
    Move,
    StateField,
    Transition,
    Workflow,
    WorkflowEnabled,
    WorkflowQuerySet,
    before_transition,
    transition_check,
)


class ReservationWorkflow(Workflow):
    """A reservation is reminded of every day, and lapses after a week."""

    states = (("held", "Held"), ("kept", "Kept"), ("lapsed", "Lapsed"))
    transitions = (
        Transition("remind", "held", "held", timeout=timedelta(days=1)),
        Transition("lapse", "held", "lapsed", timeout=timedelta(days=7)),
        ("keep", "held", "kept"),
        ("hold", ("kept", "lapsed"), "held"),
    )
    initial_state = "held"


class Reservation(WorkflowEnabled, models.Model):
    """A seat kept for someone."""

    extended = models.BooleanField(default=False)
    state = StateField(ReservationWorkflow)

    objects = WorkflowQuerySet.as_manager()

    remind: Move
    lapse: Move
    keep: Move
    hold: Move

    def __str__(self) -> str:
        return f"reservation {self.pk}"

    @transition_check("lapse", reason="It was extended.")
    def is_not_extended(self) -> bool:
        """Whether nobody has asked for more time."""
        return not self.extended


class GroupReservation(Reservation):
    """Seats kept for many, with a table of its own."""

    told = models.BooleanField(default=False)

    @before_transition("lapse")
    def tell_the_group(self) -> None:
        """Note that the group was told."""
        self.told = True
