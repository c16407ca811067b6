"""The order of the tour."""

from datetime import timedelta
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from detent.workflow import (
    Move,
    State,
    StateField,
    Transition,
    Workflow,
    WorkflowEnabled,
    WorkflowQuerySet,
    after_commit,
    transition,
    transition_check,
)


class OrderWorkflow(Workflow):
    """From a draft to a shipped or cancelled order."""

    states = (
        ("draft", _("Draft")),
        ("placed", _("Placed")),
        ("paid", _("Paid")),
        ("review", _("Under review")),
        State("shipped", _("Shipped"), final=True),
        State("cancelled", _("Cancelled"), final=True),
    )
    transitions = (
        ("place", "draft", "placed"),
        ("pay", "placed", "paid"),
        ("review", "paid", "review"),
        ("ship", ("paid", "review"), "shipped"),
        Transition("cancel", ("draft", "placed", "review"), "cancelled", permission="shop.cancel_order"),
        Transition("expire", "placed", "cancelled", timeout=timedelta(days=3)),
    )
    initial_state = "draft"


class Order(WorkflowEnabled, models.Model):
    """What a customer wants, and how far it is."""

    customer = models.CharField(max_length=40)
    total = models.DecimalField(max_digits=9, decimal_places=2)
    reference = models.CharField(max_length=40, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    state = StateField(OrderWorkflow)

    objects = WorkflowQuerySet.as_manager()

    place: Move
    review: Move
    ship: Move
    cancel: Move
    expire: Move

    class Meta:
        permissions = [("cancel_order", "Can cancel an order")]

    def __str__(self) -> str:
        return f"order {self.pk} of {self.customer}"

    @transition()
    def pay(self, *, amount: Decimal, reference: str = "") -> Decimal:
        """Take a payment; returns what is left to pay back."""
        self.reference = reference
        return amount - self.total

    @transition_check("pay", reason=_("The amount does not cover the total."))
    def covers_the_total(self, *, amount: Decimal) -> bool:
        """Whether the payment is enough."""
        return amount >= self.total

    @after_commit("ship")
    def tell_the_customer(self) -> None:
        """Add a message for the customer."""
        messages.append(f"{self.customer}: your order {self.pk} is on its way")


messages: list[str] = []
"""What customers were told; a test that reads it empties it first."""
