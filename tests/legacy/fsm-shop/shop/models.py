from django.db import models
from django_fsm import FSMField, transition
from django_fsm_log.decorators import fsm_log_by, fsm_log_description


class Order(models.Model):
    STATES = [
        ("draft", "Draft"),
        ("placed", "Placed"),
        ("paid", "Paid"),
        ("shipped", "Shipped"),
        ("cancelled", "Cancelled"),
    ]
    reference = models.CharField(max_length=20, unique=True)
    paid_amount = models.IntegerField(default=0)
    state = FSMField(default="draft", choices=STATES, protected=True)

    class Meta:
        permissions = [("ship_order", "Can ship orders")]

    @fsm_log_by
    @transition(field=state, source="draft", target="placed")
    def place(self, by=None):
        pass

    @fsm_log_by
    @fsm_log_description
    @transition(field=state, source="placed", target="paid")
    def pay(self, amount, by=None, description=None):
        self.paid_amount += amount

    def is_paid_in_full(self):
        return self.paid_amount >= 10

    @fsm_log_by
    @transition(
        field=state, source="paid", target="shipped", conditions=[is_paid_in_full], permission="shop.ship_order"
    )
    def ship(self, by=None):
        pass

    @fsm_log_by
    @transition(field=state, source=["draft", "placed"], target="cancelled")
    def cancel(self, by=None):
        pass
