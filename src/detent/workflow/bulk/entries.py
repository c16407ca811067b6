"""The log rows of objects moved in sets: one INSERT ... SELECT, in which the rows themselves say what differs."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connections, models
from django.db.models import F, Value
from django.utils import timezone

from detent.workflow.statements.plain import saves_plainly
from detent.workflow.statements.related import prepare_related

if TYPE_CHECKING:
    from detent.workflow.bulk.move import BulkMove
    from detent.workflow.logs import BaseTransitionLog

# Defaults that may be the same for all rows of one moment.
_SHARED_DEFAULTS = (timezone.now, dict, list, str, int, bool)


def entries_obstacle(move: "BulkMove", log_model: "type[BaseTransitionLog]") -> str:
    """Return what of a log model stands against writing its rows in the database alone; "" if nothing does."""
    label = log_model._meta.label
    if not (log_model.is_written_plainly() and saves_plainly(log_model)):
        return f"how {label} writes its rows"
    if log_model.pointing_columns(move.model, move.using, F) is None:
        return f"how {label} points at {move.model._meta.label}"
    for field in _fields(log_model):
        if field.has_default() and callable(field.default) and field.default not in _SHARED_DEFAULTS:
            return f"the default of {label}.{field.name}"
    return ""


@dataclass(frozen=True, slots=True)
class Entries:
    """How the log rows of one bulk transition are written.

    Attributes:
        log_model: The log model.
        columns: An expression over the moved rows for each column of the log, by column name.
        using: The alias of the database.
    """

    log_model: "type[BaseTransitionLog]"
    columns: dict[str, Any]
    using: str

    @classmethod
    def of(cls, move: "BulkMove", log_model: "type[BaseTransitionLog]") -> "Entries":
        """Lay out the log rows of a bulk transition.

        Args:
            move: The bulk transition.
            log_model: A model for which there is no `entries_obstacle`.
        """
        shared = {"transition": move.transition.name, "to_state": move.transition.target.name}
        facts = move.workflow.extra_columns(log_model, move.passage, move.arguments)
        specimen = log_model(**{**facts, **shared})
        prepare_related(specimen)
        pointing = log_model.pointing_columns(move.model, move.using, F) or {}
        differing = {**pointing, **log_model.further_columns(move.model), "from_state": F(move.field_name)}
        columns = {
            field.column: differing.get(field.attname) or Value(field.pre_save(specimen, add=True), field)
            for field in _fields(log_model)
        }
        return cls(log_model, columns, move.using)

    def write(self, rows: "models.QuerySet[Any]") -> None:
        """Write the log rows of objects that are about to be moved.

        Args:
            rows: The objects, as yet in the states that they leave.
        """
        connection = connections[self.using]
        quote = connection.ops.quote_name
        named = {f"detent_{number}": expression for number, expression in enumerate(self.columns.values())}
        selected = rows.order_by().annotate(**named).values_list(*named)
        sql, parameters = selected.query.get_compiler(self.using).as_sql()
        names = ", ".join(map(quote, self.columns))
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {quote(self.log_model._meta.db_table)} ({names}) {sql}", parameters)


def _fields(log_model: "type[BaseTransitionLog]") -> list[Any]:
    """Return the fields of a log model whose values do not come from the database."""
    return [
        field
        for field in log_model._meta.concrete_fields
        if not (isinstance(field, models.AutoField) or field.generated or field.has_db_default())
    ]
