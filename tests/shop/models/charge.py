"""A charge to a card: what talks to the bank is a coroutine."""

from functools import cached_property
from typing import Any

from django.db import models

from detent.workflow import (
    Move,
    State,
    StateField,
    Transition,
    Workflow,
    WorkflowEnabled,
    after_commit,
    after_transition,
    before_transition,
    transition,
    transition_check,
)
from detent.workflow.actor import current_actor


class ChargeWorkflow(Workflow):
    """From open to taken, and back to the card."""

    states = (("open", "Open"), ("taken", "Taken"), State("refunded", "Refunded", final=True))
    transitions = (
        ("take", "open", "taken"),
        Transition("refund", "taken", "refunded", permission="shop.refund_charge"),
    )
    initial_state = "open"


class Charge(WorkflowEnabled, models.Model):
    """What a card is charged with."""

    amount = models.IntegerField(default=10)
    state = StateField(ChargeWorkflow)

    refund: Move

    class Meta:
        permissions = [("refund_charge", "Can refund a charge")]

    def __str__(self) -> str:
        return f"charge {self.pk}"

    @cached_property
    def steps(self) -> list[Any]:
        """What ran, in order, with what it saw."""
        return []

    @transition()
    async def take(self, card: str) -> str:
        """Ask the bank."""
        self.steps.append(("take", current_actor(), await Charge.objects.acount()))
        if card == "stolen":
            raise LookupError(card)
        return card.upper()

    @transition_check("take", reason="The card is empty.")
    async def is_covered(self, card: str) -> bool:
        """Whether the bank says that there is enough."""
        return card != "empty"

    @before_transition("take")
    def note(self) -> None:
        """Run before, no coroutine."""
        self.steps.append(("note", self.state.name))

    @after_transition("take")
    async def thank(self, result: str) -> None:
        """Run after, with the result."""
        stored = await Charge.objects.aget(pk=self.pk)
        self.steps.append(("thank", result, stored.state.name))

    @after_commit("take")
    async def print_receipt(self) -> None:
        """Run once committed."""
        self.steps.append("receipt")
