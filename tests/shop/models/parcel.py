"""A parcel: two states, one of them not logged, and a key that is no integer."""

from django.db import models

from detent.workflow import StateField, Workflow, WorkflowEnabled, WorkflowQuerySet


class LabelWorkflow(Workflow):
    """How far the label of a parcel is; not logged."""

    states = (("none", "No label"), ("queued", "Queued"), ("printed_on_the_big_printer", "Printed"))
    transitions = (
        ("queue_label", "none", "queued"),
        ("print_label", "queued", "printed_on_the_big_printer"),
        ("reset_label", ("queued", "printed_on_the_big_printer"), "none"),
    )
    initial_state = "none"
    log_model = ""


class ParcelWorkflow(Workflow):
    """How far a parcel is."""

    states = (("packed", "Packed"), ("sent", "Sent"), ("lost", "Lost"))
    transitions = (("send", "packed", "sent"), ("lose", "sent", "lost"), ("find", "lost", "sent"))
    initial_state = "packed"


class Parcel(WorkflowEnabled, models.Model):
    """A parcel has two states of its own and a key that is no integer."""

    code = models.CharField(max_length=20, primary_key=True)
    state = StateField(ParcelWorkflow)
    label = StateField(LabelWorkflow)

    objects = WorkflowQuerySet.as_manager()

    def __str__(self) -> str:
        return self.code
