"""A job, declared as code written for xworkflows declares it."""

from typing import Any

import xworkflows


class JobWorkflow(xworkflows.Workflow):
    states = (("queued", "Queued"), ("running", "Running"), ("done", "Done"))
    transitions = (
        ("start", "queued", "running"),
        ("finish", "running", "done"),
        ("redo", ("running", "done"), "queued"),
    )
    initial_state = "queued"


class Job(xworkflows.WorkflowEnabled):
    state = JobWorkflow()

    def __init__(self) -> None:
        self.trace: list[Any] = []
