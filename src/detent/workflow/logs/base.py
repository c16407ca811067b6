"""What every log keeps of a transition, and how its rows are written and found."""

from collections.abc import Mapping
from operator import attrgetter
from typing import Any, ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from detent.workflow.keys import Reference
from detent.workflow.logs.pointing import points_as_expressed, saved, written_database
from detent.workflow.statements import insert

_ways_to_point = attrgetter("columns_of.__func__", "log_transition.__func__")
_ways_to_write = attrgetter("log_transition.__func__", "_write.__func__")


class BaseTransitionLog(models.Model):
    """What the log keeps of a transition; a subclass adds how it points at the object.

    Attributes:
        MODIFIED_OBJECT_FIELD: The name of the field that points at the object.
        EXTRA_LOG_ATTRIBUTES: For each further column: its name, the name of what goes in (an argument of the call, or
            one of `user`, `context`, `cause` and `state_field`), and the default.
        transition: The name of the transition performed.
        from_state: The name of the state that the object left.
        to_state: The name of the state that it entered.
        timestamp: When.
    """

    MODIFIED_OBJECT_FIELD: ClassVar[str] = ""
    EXTRA_LOG_ATTRIBUTES: ClassVar[tuple[tuple[str, str, Any], ...]] = ()

    transition = models.CharField(_("transition"), max_length=255, db_index=True)
    from_state = models.CharField(_("from state"), max_length=255, db_index=True)
    to_state = models.CharField(_("to state"), max_length=255, db_index=True)
    timestamp = models.DateTimeField(_("performed at"), default=timezone.now, db_index=True)

    class Meta:
        abstract = True
        ordering = ("-timestamp", "transition")
        verbose_name = _("XWorkflow transition log")
        verbose_name_plural = _("XWorkflow transition logs")

    def __str__(self) -> str:
        moved = f"{self.get_modified_object()!r}: {self.from_state} -> {self.to_state}"
        return f"{moved} at {self.timestamp.isoformat()}"

    def get_modified_object(self) -> models.Model | None:
        """Return the object, or None if it is gone or the log does not point at objects."""
        return getattr(self, self.MODIFIED_OBJECT_FIELD, None) if self.MODIFIED_OBJECT_FIELD else None

    @classmethod
    def columns_of(cls, modified_object: models.Model) -> dict[str, Any]:
        """Return the columns that point at an object, with their values."""
        return {cls.MODIFIED_OBJECT_FIELD: modified_object}

    @classmethod
    def cannot_point_at(cls, model: type[models.Model]) -> str:
        """Say why the rows of this log cannot point at objects of a model; "" if they can.

        Override it together with `columns_of`.
        """
        name = cls.MODIFIED_OBJECT_FIELD
        field = next((field for field in cls._meta.get_fields() if field.name == name), None)
        if _ways_to_point(cls) != _ways_to_point(BaseTransitionLog):
            return ""
        if not isinstance(field, models.ForeignKey):
            return f"its MODIFIED_OBJECT_FIELD, {name!r}, is no foreign key of it"
        target: Any = field.related_model
        return "" if issubclass(model, target._meta.concrete_model) else f"its {name!r} points at {target._meta.label}"

    @classmethod
    def pointing_columns(
        cls,
        model: type[models.Model],
        using: str,  # noqa: ARG003 - others need it
        reference: Reference,
    ) -> dict[str, Any] | None:
        """Return the columns that point at objects of a model as expressions: what `columns_of` is for one object.

        Args:
            model: The model of the objects.
            using: The alias of the database.
            reference: Makes an expression of the name of one of the model's fields.

        Returns:
            The expressions, by attribute name; None if only an object itself can tell.
        """
        if not points_as_expressed(cls):
            return None
        field: Any = cls.MODIFIED_OBJECT_FIELD and cls._meta.get_field(cls.MODIFIED_OBJECT_FIELD)
        points = isinstance(field, models.ForeignKey) and issubclass(model, field.target_field.model)
        return {field.attname: reference(field.target_field.attname)} if points else None

    @classmethod
    def further_columns(cls, model: type[models.Model]) -> dict[str, Any]:  # noqa: ARG003 - others need it
        """Return the columns, as `pointing_columns` does, that repeat in another form at which objects a row points."""
        return {}

    @classmethod
    def entries_of(
        cls, modified_object: models.Model, state_field: str = "", *, shared: bool = True
    ) -> "models.QuerySet[Self]":
        """Return the rows of an object, from the database out of which it was read.

        Those of an object that is deleted are found by one that has its key, such as `Order(pk=17)`.

        Args:
            modified_object: The object.
            state_field: The name of the state field whose rows are wanted; "" for all.
            shared: Whether others of the object's state fields have the same log.
        """
        rows = cls._default_manager.using(modified_object._state.db)
        if modified_object.pk is None:
            return rows.none()
        own = rows.filter(**cls.columns_of(modified_object))
        return cls.of_state_field(own, state_field, shared=shared) if state_field else own

    @classmethod
    def of_state_field(
        cls, rows: "models.QuerySet[Self]", state_field: str, *, shared: bool
    ) -> "models.QuerySet[Self]":
        """Return those of some rows that tell of one state field.

        Args:
            rows: The rows.
            state_field: The name of the state field.
            shared: Whether others of the objects' state fields have the same log. Of rows that do not say which state
                moved, as the original wrote them, there are none then.
        """
        column = cls.column_for("state_field")
        if not column:
            return rows.none() if shared else rows
        return rows.filter(**{f"{column}__in": [state_field] if shared else [state_field, ""]})

    @classmethod
    def column_for(cls, fact: str) -> str:
        """Return the name of the further column that keeps a fact, such as "state_field"; "" if none does."""
        return next((column for column, name, _ in cls.EXTRA_LOG_ATTRIBUTES if name == fact), "")

    @classmethod
    def log_transition(
        cls, transition: str, from_state: str, to_state: str, modified_object: models.Model, **extra: Any
    ) -> Self:
        """Write the row of a transition, to the database in which the object is.

        Args:
            transition: The name of the transition.
            from_state: The name of the state that the object left.
            to_state: The name of the state that it entered.
            modified_object: The object.
            **extra: Further columns.

        Returns:
            The row.

        Raises:
            UnsavedObject: The object has no row that the log could point at.
        """
        states = {"transition": transition, "from_state": from_state, "to_state": to_state}
        return cls._write({**extra, **states}, saved(modified_object, cls))

    @classmethod
    def entry_for(cls, modified_object: models.Model, values: Mapping[str, Any]) -> Self:
        """Return a row, not yet written.

        Args:
            modified_object: The object that it points at.
            values: Its further columns.

        Raises:
            UnsavedObject: The object has no row that the log could point at.
        """
        return cls(**values, **cls.columns_of(saved(modified_object, cls)))

    @classmethod
    def keeps_keys(cls) -> bool:
        """Whether the rows have a column for the idempotency key of a call."""
        return cls.column_for("key") != ""

    @classmethod
    def is_written_plainly(cls) -> bool:
        """Whether a row needs no more than its values: neither `log_transition` nor `_write` is overridden."""
        return bool(_ways_to_write(cls) == _PLAIN_WRITING)

    @classmethod
    def _write(cls, values: dict[str, Any], modified_object: models.Model) -> Self:
        entry = cls(**values, **cls.columns_of(modified_object))
        insert(entry, written_database(modified_object))
        return entry


_PLAIN_WRITING = _ways_to_write(BaseTransitionLog)
