"""A claim: a key that is a UUID, and a date-time that each saving sets; no hooks."""

import uuid

from django.db import models

from detent.workflow import Move, StateField, Workflow, WorkflowEnabled, WorkflowQuerySet


class ClaimWorkflow(Workflow):
    """From open to settled, or given up; what is settled can be opened again."""

    states = (("open", "Open"), ("examined", "Examined"), ("settled", "Settled"), ("dropped", "Dropped"))
    transitions = (
        ("examine", "open", "examined"),
        ("settle", ("open", "examined"), "settled"),
        ("drop", ("open", "examined", "dropped"), "dropped"),
        ("reopen", ("settled", "dropped"), "open"),
    )
    initial_state = "open"


class Claim(WorkflowEnabled, models.Model):
    """What a customer wants back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    text = models.CharField(max_length=40, blank=True)
    changed = models.DateTimeField(auto_now=True)
    order = models.ForeignKey("shop.Order", models.CASCADE, null=True, related_name="claims")
    state = StateField(ClaimWorkflow)

    settle: Move

    objects = WorkflowQuerySet.as_manager()

    def __str__(self) -> str:
        return self.text


class ExpressClaim(Claim):
    """A claim with a row in a table of its own."""

    price = models.IntegerField(default=0)


class PressingClaim(Claim):
    """A claim seen as pressing."""

    class Meta:
        proxy = True
