"""The objects of a bulk transition: their keys, and their rows some at a time."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connections, models
from django.db.models import CharField, ExpressionWrapper, F, Q
from django.db.models.lookups import In

from detent.workflow.statements.columns import columns_for

_MOST_KEYS = 5_000
_OTHER_PARAMETERS = 99
"""How many parameters a statement has beside keys, at most; some databases count them."""


def batches(keys: Sequence[Any], using: str) -> Iterator[Sequence[Any]]:
    """Yield keys, as many at a time as a statement of a database takes."""
    most = connections[using].features.max_query_params
    size = min(_MOST_KEYS, most - _OTHER_PARAMETERS) if most else _MOST_KEYS
    return (keys[start : start + size] for start in range(0, len(keys), size))


class Among(In):
    """Whether a row's primary key is one of many, as `pk__in` asks, with keys that are ready for the database."""

    def get_prep_lookup(self) -> Any:
        """Return the keys as they are."""
        return self.rhs

    def process_rhs(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Compile the keys."""
        return f"({', '.join(['%s'] * len(self.rhs))})", list(self.rhs)


class Selection:
    """The objects that a queryset selects, each once.

    Args:
        queryset: The queryset; it may be sliced, combined, ordered or annotated.
        using: The alias of the database.
    """

    def __init__(self, queryset: "models.QuerySet[Any]", using: str) -> None:
        self.model = queryset.model
        self.using = using
        self.queryset = queryset.using(using)
        self.queryset.query.select_for_update = False

    def keys(self) -> list[Any]:
        """Return the primary keys, in the queryset's order."""
        return list(dict.fromkeys(self._bare.values_list("pk", flat=True).iterator()))

    def keys_by_state(self, field_name: str, *, lock: bool) -> dict[str, list[Any]]:
        """Return the primary keys, by the name of the state in which the objects are, in their own order.

        Args:
            field_name: The name of the state field.
            lock: Whether no one else may write the rows until the transaction ends, if the database has such locks.
        """
        found: dict[str, dict[Any, None]] = defaultdict(dict)
        for rows in self._lockable():
            # As plain text: the field would look at each whether its workflow knows it.
            state = ExpressionWrapper(F(field_name), output_field=CharField())
            read = rows.values_list("pk", state)
            for key, name in (read.select_for_update() if lock else read).iterator():
                found[name][key] = None
        return {name: list(keys) for name, keys in found.items()}

    def _lockable(self) -> "Iterator[models.QuerySet[Any]]":
        """Yield querysets of the rows, by the order of their keys, in which all who move objects lock them.

        Databases lock rows only where they are plainly asked for. The rows of other querysets are asked for by key, so
        that what their conditions say was true when the keys were read.
        """
        if self._asks_rows_only:
            yield self._bare.order_by("pk")
        else:
            for keys in batches(sorted(self.keys()), self.using):
                yield self.all_rows.filter(self.among(keys)).order_by("pk")

    def objects(self, keys: Sequence[Any]) -> list[Any]:
        """Load objects by key as the queryset would, in the order of the keys; those that are gone are left out."""
        found = {loaded.pk: loaded for loaded in self._loading().filter(self.among(keys))}
        return [found[key] for key in keys if key in found]

    @property
    def all_rows(self) -> "models.QuerySet[Any]":
        """The rows of the model, in the database in which they are moved."""
        return self.model._base_manager.using(self.using)  # type: ignore[no-any-return]

    def among(self, keys: Sequence[Any]) -> Among | Q:
        """Return the condition that a row is one of those with the keys."""
        field, connection = self.model._meta.pk, connections[self.using]
        if isinstance(field, models.CompositePrimaryKey):
            return Q(pk__in=keys)
        (column,) = columns_for(self.model, [field], connection)
        ready = (key if type(key) in column.ready else field.get_db_prep_value(key, connection) for key in keys)
        return Among(F("pk"), tuple(ready))

    @property
    def _bare(self) -> "models.QuerySet[Any]":
        bare: models.QuerySet[Any] = self.queryset.using(self.using)
        bare._prefetch_related_lookups = ()  # type: ignore[attr-defined]
        return bare

    def _loading(self) -> "models.QuerySet[Any]":
        if self._can_be_narrowed:
            return self.queryset
        fresh, asked = self.all_rows, self.queryset
        fresh.query.select_related = asked.query.select_related
        fresh.query.deferred_loading = asked.query.deferred_loading
        fresh._prefetch_related_lookups = asked._prefetch_related_lookups  # type: ignore[attr-defined]
        return fresh

    @property
    def _can_be_narrowed(self) -> bool:
        query = self.queryset.query
        return not (query.is_sliced or query.combinator or query.distinct_fields)

    @property
    def _asks_rows_only(self) -> bool:
        query = self.queryset.query
        return self._can_be_narrowed and not (query.distinct or query.annotations or len(query.alias_map) > 1)
