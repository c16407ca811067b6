"""The workflow that most of these tests move objects through."""

from detent.machine import State, Transition, Workflow


class JobWorkflow(Workflow):
    states = (
        ("queued", "In the queue"),
        ("running", "At work"),
        State("completed", "Done", final=True),
        ("failed", "Failed"),
        State("cancelled", "Called off", final=True),
    )
    transitions = (
        ("start", "queued", "running"),
        ("complete", "running", "completed"),
        ("fail", "running", "failed"),
        ("retry", "failed", "queued"),
        Transition("cancel", ("queued", "running", "failed"), "cancelled"),
    )
    initial_state = "queued"
