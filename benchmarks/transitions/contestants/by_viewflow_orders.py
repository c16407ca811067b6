"""django-viewflow's fsm on a model: the state's setter and getter lead to a column.

`on_success` saves and writes the log, as viewflow's documentation has it; viewflow has no log, so the table is one of
our own, with the columns of xworkflows'.
"""

from by_viewflow import may_move, methods
from columns import OrderColumns, filling
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from shop import STATES, TRANSITIONS, create_tables
from timing import Run, filled, timed
from viewflow.fsm import State


class Log(models.Model):
    """Who moved what from where to where, and when."""

    transition = models.CharField(max_length=255, db_index=True)
    from_state = models.CharField(max_length=255, db_index=True)
    to_state = models.CharField(max_length=255, db_index=True)
    timestamp = models.DateTimeField(default=timezone.now, db_index=True)
    content_type = models.ForeignKey(ContentType, models.CASCADE)
    content_id = models.PositiveIntegerField(db_index=True)
    modified_object = GenericForeignKey("content_type", "content_id")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True)

    class Meta:
        app_label = "orders"


def order_class(*, checked: bool) -> type[OrderColumns]:
    """Return the model, with a guard and an after-hook or without."""
    state = State(STATES, default="draft")

    @state.getter()
    def stored_state(self: OrderColumns) -> str:
        return self.stored_state

    @state.setter()
    def store_state(self: OrderColumns, value: str) -> None:
        self.stored_state = value

    @state.on_success()
    def save_and_log(self: OrderColumns, descriptor: object, source: str, target: str) -> None:
        if checked:
            self.moves += 1
        self.save()
        name = descriptor._func.__name__
        Log.objects.create(transition=name, from_state=source, to_state=target, modified_object=self)

    transitions = methods(state, TRANSITIONS, (may_move,) if checked else ())
    column = models.CharField(max_length=16, default="draft")
    attributes = {"__module__": __name__, "state": state, "stored_state": column, **transitions}
    return type("Order", (OrderColumns,), attributes)


def persisted(*, checked: bool) -> Run:
    """Measure a transition that is saved and logged in its own transaction."""
    order_type = order_class(checked=checked)
    create_tables()
    order = order_type.objects.create()

    def work(number: int) -> None:
        for _ in range(number // 3):
            with transaction.atomic():
                order.place()
            with transaction.atomic():
                order.pay()
            with transaction.atomic():
                order.reopen()

    return timed(work)


def bulk() -> Run:
    """Measure one by one, in one transaction, without guard and hook."""
    order_type = order_class(checked=False)
    create_tables()

    def work() -> None:
        with transaction.atomic():
            for order in order_type.objects.filter(stored_state="draft"):
                order.place()

    return filled(filling(order_type, Log), work, Log.objects.count)
