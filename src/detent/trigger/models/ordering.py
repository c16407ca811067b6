"""What deliveries wait for beside their due time: the one before them, a free place, or an operator."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from detent.workflow import Move, State, StateField, Workflow, WorkflowEnabled


class OrderingKey(models.Model):
    """A key of a rule whose deliveries run one after the other; `emit` takes the row and numbers them in commit order.

    Attributes:
        lineage: The rule through all its revisions.
        key: What the rule's `order_by` gave.
        last: The number that was given last.
    """

    id = models.BigAutoField(primary_key=True)
    lineage = models.UUIDField()
    key = models.CharField(max_length=255)
    last = models.BigIntegerField(default=0)

    class Meta:
        app_label = "trigger"
        db_table = "trigger_ordering_key"
        constraints = [models.UniqueConstraint(fields=["lineage", "key"], name="trigger_ordering_key_once")]

    def __str__(self) -> str:
        return f"{self.key} of {self.lineage}"


class LaneWorkflow(Workflow):
    """Whether the deliveries of a rule flow; an operator pauses and resumes them."""

    states = (State("flowing", _("Flowing")), State("paused", _("Paused")))
    transitions = (("pause", "flowing", "paused"), ("resume", "paused", "flowing"))
    initial_state = "flowing"


class Lane(WorkflowEnabled, models.Model):
    """The deliveries of a rule through all its revisions: a row to lock where they are counted, and to pause.

    Attributes:
        lineage: The rule.
        state: Whether its deliveries flow; see `LaneWorkflow`.
    """

    id = models.BigAutoField(primary_key=True)
    lineage = models.UUIDField(unique=True)
    state = StateField(LaneWorkflow)

    pause: Move
    resume: Move

    class Meta:
        app_label = "trigger"
        db_table = "trigger_lane"

    def __str__(self) -> str:
        return f"deliveries of {self.lineage}"
