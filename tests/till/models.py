"""What a till does: its sales emit, and its receipts point at the events that made them, in every way there is."""

from typing import Any

from django.db import models

from detent.trigger import emit
from detent.trigger.models import TriggerEvent
from detent.workflow import Move, State, StateField, Workflow, WorkflowEnabled, transition


class SaleWorkflow(Workflow):
    """From placed to shipped, by way of a review for some."""

    states = (
        ("placed", "Placed"),
        ("paid", "Paid"),
        ("review", "Under review"),
        State("shipped", "Shipped", final=True),
    )
    transitions = (("pay", "placed", "paid"), ("review", "paid", "review"), ("ship", ("paid", "review"), "shipped"))
    initial_state = "placed"
    log_creation = True


class Sale(WorkflowEnabled, models.Model):
    """What a customer buys."""

    total = models.IntegerField(default=0)
    state = StateField(SaleWorkflow)

    review: Move
    ship: Move

    def __str__(self) -> str:
        return f"sale {self.pk}"

    @transition()
    def pay(self, charge: str, also: "Sale | None" = None) -> None:
        """Say that it is paid, and before it another that the same charge pays."""
        if also:
            also.pay(charge=f"{charge}-also")
        emit("sale.paid", {"sale": self.pk, "total": self.total}, source="shop", id=charge)


def event_key(**options: Any) -> "models.ForeignKey[Any, Any]":
    """Return a foreign key to events, which Django does not follow when it deletes one."""
    # The till has no migrations, so that its tables are made before those of other apps.
    return models.ForeignKey(TriggerEvent, models.DO_NOTHING, db_constraint=False, **options)


class Receipt(models.Model):
    """A receipt, with two keys to events that are hidden from them."""

    event = event_key(null=True, related_name="+")
    copied_by = event_key(null=True, related_name="+")
    text = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return f"receipt {self.pk}"


class PostedReceipt(Receipt):
    """A receipt with a row in a table of its own, and a key of its own."""

    posted_by = event_key(null=True, related_name="posted")


class PaperReceipt(models.Model):
    """A receipt in a table that Django does not manage, and that is not there."""

    event = event_key()

    class Meta:
        managed = False

    def __str__(self) -> str:
        return f"paper receipt {self.pk}"
