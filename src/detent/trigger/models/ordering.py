"""What deliveries wait for beside their due time: the one before them, a free place, or an operator."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from detent.workflow import Move, State, StateField, Workflow, WorkflowEnabled, transition, transition_check


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


class BreakerWorkflow(Workflow):
    """Whether a rule's circuit breaker lets its deliveries through; workers open and close it, operators close it."""

    states = (State("closed", _("Closed")), State("open", _("Open")))
    transitions = (("trip", "closed", "open"), ("close", "open", "closed"))
    initial_state = "closed"


class Lane(WorkflowEnabled, models.Model):
    """The deliveries of a rule through all its revisions: a row to lock where they are counted, and to pause.

    Attributes:
        lineage: The rule.
        state: Whether its deliveries flow; see `LaneWorkflow`.
        breaker: Whether its circuit breaker lets them through; see `BreakerWorkflow`.
        failures: How many attempts have failed in a row, of deliveries whose rule has a circuit breaker.
        try_at: From when on one is tried while the breaker is open, by the database's clock.
        probe: The delivery that is tried then, or None.
    """

    id = models.BigAutoField(primary_key=True)
    lineage = models.UUIDField(unique=True)
    state = StateField(LaneWorkflow)
    # Defaults in the database, so that processes of before go on while these are deployed.
    breaker = StateField(BreakerWorkflow, db_default="closed")
    failures = models.PositiveIntegerField(default=0, db_default=0)
    try_at = models.DateTimeField(blank=True, null=True)
    probe = models.BigIntegerField(blank=True, null=True)

    pause: Move
    resume: Move
    trip: Move

    class Meta:
        app_label = "trigger"
        db_table = "trigger_lane"

    def __str__(self) -> str:
        return f"deliveries of {self.lineage}"

    @transition()
    def close(self) -> None:
        """Let the deliveries go on as if none had failed."""
        self.failures, self.try_at, self.probe = 0, None, None

    @transition_check("trip", reason=_("Only a worker does this."))
    def is_done_by_a_worker(self) -> bool:
        """Refuse what a worker does in the transaction that ends an attempt."""
        return False
