"""A letter: every kind of hook around its transitions, each noting that it ran."""

from functools import cached_property

from django.db import models

from detent.workflow import (
    Move,
    State,
    StateField,
    Workflow,
    WorkflowEnabled,
    after_commit,
    after_transition,
    before_transition,
    on_enter_state,
    on_leave_state,
    transition,
    transition_check,
)


class LetterWorkflow(Workflow):
    """From written to sent; a letter that is sent may be sent again."""

    states = (("written", "Written"), ("stamped", "Stamped"), State("sent", "Sent", final=True))
    transitions = (("stamp", "written", "stamped"), ("send", "stamped", "sent"), ("resend", "sent", "sent"))
    initial_state = "written"


class Letter(WorkflowEnabled, models.Model):
    """What is posted."""

    text = models.TextField(blank=True)
    stamps = models.IntegerField(default=0)
    state = StateField(LetterWorkflow)

    send: Move
    resend: Move

    def __str__(self) -> str:
        return f"letter {self.pk}"

    @cached_property
    def steps(self) -> list[str]:
        """What ran, in order, each with the state in which the letter was."""
        return []

    def note(self, step: str) -> None:
        """Note a step; fail if the text asks for it."""
        self.steps.append(f"{step} in {self.state}")
        if self.text == f"fail in {step}":
            raise RuntimeError(step)

    @transition()
    def stamp(self, count: int = 1) -> int:
        """Put stamps on."""
        self.note("implementation")
        self.stamps += count
        return self.stamps

    @transition_check("stamp")
    def has_text(self) -> bool:
        """Whether there is anything to send."""
        self.note("check")
        return self.text != ""

    @before_transition("stamp", priority=2)
    def look_for_stamps(self, count: int) -> None:
        """Run before; take an argument of the call."""
        self.note(f"before with {count}")

    @on_leave_state("written", priority=1)
    def close_envelope(self) -> None:
        """Run on leaving."""
        self.note("leave")

    @after_transition("stamp", priority=1)
    def weigh(self, result: int) -> None:
        """Run after; take the result. What it sets is not saved."""
        self.note(f"after with {result}")
        self.text = "weighed"

    @on_enter_state("stamped", priority=2)
    def put_in_tray(self) -> None:
        """Run on entering."""
        self.note("enter")

    @after_commit("stamp", priority=1)
    def tell_the_clerk(self) -> None:
        """Run once committed."""
        self.note("commit")
        if self.stamps == 13:
            raise RuntimeError("thirteen")

    @after_commit("stamp")
    def tell_the_boss(self, result: int) -> None:
        """Run once committed, last."""
        self.note(f"commit with {result}")
