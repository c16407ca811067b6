"""What a project would write by hand on Django, on the tables that Detent has: fixed SQL, and the ORM."""

from collections.abc import Callable
from datetime import UTC, datetime

from columns import OrderColumns, filling
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models, transaction
from shop import TRANSITIONS, create_tables
from timing import Run, filled, timed

from detent.workflow.log.models import TransitionLog


class Order(OrderColumns):
    """An order with a state and no workflow."""

    state = models.CharField(max_length=16, default="draft")


WAYS = {name: (source, target) for name, source, target in TRANSITIONS}

COLUMNS = (
    *("transition", "from_state", "to_state", "timestamp", "content_type_id", "content_id", "object_key"),
    *("state_field", "context", "cause", "user_id"),
)
# The log's remaining columns get what the ORM would give them.
OTHERS = [
    field for field in TransitionLog._meta.concrete_fields if not field.primary_key and field.column not in COLUMNS
]

LOG = f"xworkflow_log_transitionlog ({', '.join([*COLUMNS, *(field.column for field in OTHERS)])})"
PLACES = ", ".join(["%s"] * (len(COLUMNS) + len(OTHERS)))

UPDATE = (
    "UPDATE orders_order SET customer = %s, total = %s, reference = %s, created = %s, state = %s"
    " WHERE id = %s AND state = %s"
)
INSERT = f"INSERT INTO {LOG} VALUES ({PLACES})"
ONE_STATEMENT = f"WITH moved AS ({UPDATE} RETURNING id) INSERT INTO {LOG} SELECT {PLACES} FROM moved"
INSERT_SELECT = (
    f"INSERT INTO {LOG} SELECT 'place', 'draft', 'placed', CURRENT_TIMESTAMP, %s, id, CAST(id AS varchar(255)),"
    f" 'state', '{{}}', '', NULL{', %s' * len(OTHERS)} FROM orders_order WHERE state = 'draft'"
)
UPDATE_ALL = "UPDATE orders_order SET state = 'placed' WHERE state = 'draft'"


def others() -> list[object]:
    """Return the values of the log's remaining columns."""
    return [field.get_db_prep_save(field.get_default(), connection) for field in OTHERS]


class Row:
    """An order as plain values, and what the statements of a move take of it."""

    def __init__(self) -> None:
        create_tables()
        order = Order.objects.create()
        self.key, self.state = order.pk, order.state
        self.columns = (order.customer, str(order.total), order.reference, order.created.isoformat(" "))
        self.content_type = ContentType.objects.get_for_model(Order).pk
        self.others = others()

    def parameters(self, name: str) -> tuple[list[object], list[object]]:
        """Return what the update and the insertion take."""
        source, target = WAYS[name]
        if self.state != source:
            raise ValueError(name)
        update = [*self.columns, target, self.key, source]
        now = datetime.now(UTC).isoformat(" ")
        entry = (name, source, target, now, self.content_type, self.key, str(self.key), "state", "{}", "", None)
        return update, [*entry, *self.others]


def moving_by(row: Row, move: Callable[[str], int]) -> Run:
    """Return the run that moves a row around the cycle by a function that returns how many rows it moved."""

    def work(number: int) -> None:
        for _ in range(number // 3):
            for name, (_, target) in WAYS.items():
                if move(name) != 1:
                    raise ValueError(name)
                row.state = target

    return timed(work)


def cursor() -> Run:
    """Measure fixed SQL through Django's cursor."""
    row = Row()

    def move(name: str) -> int:
        update, insert = row.parameters(name)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(UPDATE, update)
            updated = cursor.rowcount
            cursor.execute(INSERT, insert)
        return updated

    return moving_by(row, move)


def cursor_one_statement() -> Run:
    """Measure one fixed statement of PostgreSQL's through Django's cursor, which is its own transaction."""
    row = Row()

    def move(name: str) -> int:
        update, insert = row.parameters(name)
        with connection.cursor() as cursor:
            cursor.execute(ONE_STATEMENT, [*update, *insert])
            return cursor.rowcount

    return moving_by(row, move)


def save_and_create(*, checked: bool) -> Run:
    """Measure the ORM: save the order and create the log's row."""
    create_tables()
    order = Order.objects.create()

    def move(name: str) -> None:
        source, target = WAYS[name]
        if order.state != source or (checked and order.moves < 0):
            raise ValueError(name)
        order.state = target
        with transaction.atomic():
            order.save()
            TransitionLog.objects.create(
                modified_object=order, transition=name, from_state=source, to_state=target, state_field="state"
            )
        if checked:
            order.moves += 1

    def work(number: int) -> None:
        for _ in range(number // 3):
            for name in WAYS:
                move(name)

    return timed(work)


def bulk_sql() -> Run:
    """Measure two statements for all orders: UPDATE, and INSERT ... SELECT."""
    create_tables()
    parameters = [ContentType.objects.get_for_model(Order).pk, *others()]

    def work() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(INSERT_SELECT, parameters)
            cursor.execute(UPDATE_ALL)

    return filled(filling(Order, TransitionLog), work, TransitionLog.objects.count)


def update_and_bulk_create() -> Run:
    """Measure the ORM: update all orders, and create the log's rows in bulk."""
    create_tables()

    def work() -> None:
        content_type = ContentType.objects.get_for_model(Order)
        moved = {"transition": "place", "from_state": "draft", "to_state": "placed", "state_field": "state"}
        with transaction.atomic():
            drafts = Order.objects.filter(state="draft")
            keys = list(drafts.select_for_update().values_list("pk", flat=True))
            drafts.update(state="placed")
            TransitionLog.objects.bulk_create(
                TransitionLog(content_type=content_type, content_id=key, object_key=str(key), **moved) for key in keys
            )

    return filled(filling(Order, TransitionLog), work, TransitionLog.objects.count)
