"""A machine: its row is locked for a transition, which writes what it names and nothing else."""

from django.db import models

from detent.workflow import Move, StateField, Workflow, WorkflowEnabled, transition, transition_check


class MachineWorkflow(Workflow):
    """Round and round."""

    states = (("idle", "Idle"), ("running", "Running"), ("cooling", "Cooling"))
    transitions = (("start", "idle", "running"), ("stop", "running", "cooling"), ("rest", "cooling", "idle"))
    initial_state = "idle"
    lock = "row"
    writes = ("state", "starts", "started")


class Machine(WorkflowEnabled, models.Model):
    """Something that runs."""

    name = models.CharField(max_length=40, blank=True)
    broken = models.BooleanField(default=False)
    starts = models.IntegerField(default=0)
    started = models.DateTimeField(auto_now=True)
    seen = models.DateTimeField(auto_now=True)
    state = StateField(MachineWorkflow)

    stop: Move
    rest: Move

    def __str__(self) -> str:
        return self.name

    @transition_check("start")
    def is_whole(self) -> bool:
        """Whether the machine can run."""
        return not self.broken

    @transition()
    def start(self) -> int:
        """Count the start."""
        self.starts += 1
        return self.starts
