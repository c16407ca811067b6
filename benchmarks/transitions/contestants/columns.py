"""The columns that an order has whoever moves it, and how a table of them is filled."""

from collections.abc import Callable
from decimal import Decimal

from django.db import models, transaction


class OrderColumns(models.Model):
    """An order without its state."""

    customer = models.CharField(max_length=40, default="C7")
    total = models.DecimalField(max_digits=9, decimal_places=2, default=Decimal("40.00"))
    reference = models.CharField(max_length=40, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    moves = 0

    class Meta:
        abstract = True
        app_label = "orders"


def filling(order: type[models.Model], log: type[models.Model]) -> Callable[[int], None]:
    """Return the function that leaves nothing in the tables but so many new orders."""

    def fill(number: int) -> None:
        with transaction.atomic():
            for table in (log, order):
                rows = table._default_manager.all()
                rows._raw_delete(rows.db)
            order._default_manager.bulk_create((order() for _ in range(number)), batch_size=1000)

    return fill
