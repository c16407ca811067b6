"""What the logs tell: the transitions of an object, and those made in the course of deliveries."""

from collections.abc import Collection, Iterator
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models, router

from detent.trigger.thread.links import DeliveryLink, TransitionLink
from detent.workflow.actor import name_of
from detent.workflow.enabled import state_fields

if TYPE_CHECKING:
    from detent.workflow.logs import BaseTransitionLog

LogModel = type["BaseTransitionLog"]


class Entry(NamedTuple):
    """A row of a log, with what it says of its circumstances.

    Attributes:
        row: The row.
        model: The label of the object's model.
        key: The object's key, as text.
        cause: What the transition was made in the course of, or "".
    """

    row: "BaseTransitionLog"
    model: str
    key: str
    cause: str

    def link(self, delivery: DeliveryLink | None) -> TransitionLink:
        """Return the transition, made in the course of a delivery or of none."""
        row = self.row
        return TransitionLink(
            model=self.model,
            object_key=self.key,
            state_field=_fact(row, "state_field", ""),
            transition=row.transition,
            from_state=row.from_state,
            to_state=row.to_state,
            time=row.timestamp,
            user=name_of(_fact(row, "user", None)) or "",
            context=_fact(row, "context", {}),
            cause=self.cause,
            delivery=delivery,
        )


def log_models_of(model: type[models.Model]) -> list[LogModel]:
    """Return the models of the logs that tell of a model's objects."""
    logs = (field.workflow.get_log_model() for field in state_fields(model).values())
    return list(dict.fromkeys(log for log in logs if log is not None))


def entries_of(instance: models.Model, using: str, limit: int) -> list[Entry]:
    """Return the newest log rows of an object, those first, in a statement for each log.

    The rows of a child of several tables may name the child or a parent: they are all the object's.

    Args:
        instance: The object, or one that has its key.
        using: The database alias.
        limit: How many rows at most.
    """
    found: list[Entry] = []
    for kin in _kin(instance, using):
        for log in (each for each in log_models_of(type(kin)) if router.allow_migrate_model(using, each)):
            rows = _with_users(log.entries_of(kin).order_by("-timestamp", "-pk"), log)[:limit]
            found += [Entry(row, kin._meta.label, str(instance.pk), _fact(row, "cause", "")) for row in rows]
    return sorted(found, key=attrgetter("row.timestamp"), reverse=True)[:limit]


def entries_caused_by(causes: Collection[str], using: str, limit: int) -> list[Entry]:
    """Return the oldest log rows with one of some causes, in a statement for each log that keeps causes."""
    logs = dict.fromkeys(log for model in apps.get_models() for log in log_models_of(model))
    found: list[Entry] = []
    for log in logs:
        column = log.column_for("cause")
        if column and causes and router.allow_migrate_model(using, log):
            caused = log._default_manager.using(using).filter(**{f"{column}__in": causes})
            rows = _with_users(caused, log).order_by("timestamp", "pk")[:limit]
            found += [
                Entry(row, *_object_of(row, using), getattr(row, column)) for row in _with_users(rows, log)[:limit]
            ]
    return found


def _kin(instance: models.Model, using: str) -> Iterator[models.Model]:
    """Return an object as each of the models whose tables it has, or may have, a row in under its key."""
    own: type[models.Model] = type(instance)._meta.concrete_model  # type: ignore[assignment]  # None if abstract
    others = [model for model in apps.get_models() if model is not own and not model._meta.proxy]
    for model in (type(instance), *others):
        if model is type(instance) or _is_kin(model, own):
            kin = model(pk=instance.pk)
            kin._state.db = using
            yield kin


def _is_kin(model: type[models.Model], own: type[models.Model]) -> bool:
    child, parent = (model, own) if issubclass(model, own) else (own, model)
    return issubclass(child, parent) and child._meta.get_ancestor_link(parent) is not None and _shares_key(child)


def _shares_key(child: type[models.Model]) -> bool:
    link: Any = child._meta.pk
    return bool(link.remote_field and link.remote_field.parent_link)


def _with_users(rows: "models.QuerySet[Any]", log: LogModel) -> "models.QuerySet[Any]":
    user = log.column_for("user")
    is_relation = user and log._meta.get_field(user).is_relation
    return rows.select_related(user) if is_relation else rows


def _fact(row: "BaseTransitionLog", fact: str, default: Any) -> Any:
    """Return what a log row keeps of a call, or the default where its log does not."""
    column = row.column_for(fact)
    value = getattr(row, column) if column else None
    return default if value is None else value


def _object_of(row: Any, using: str) -> tuple[str, str]:
    """Return the model's label and the key of the object of a log row, which is not read for that."""
    field = next((field for field in row._meta.concrete_fields if field.name == row.MODIFIED_OBJECT_FIELD), None)
    if field is not None:
        return field.related_model._meta.label, str(getattr(row, field.attname))
    key = getattr(row, "object_key", "") or getattr(row, "content_id", None) or ""
    content_type = getattr(row, "content_type_id", None)
    if content_type is None:
        return "", str(key)
    found = ContentType.objects.db_manager(using).get_for_id(content_type)
    model = found.model_class()
    return (f"{found.app_label}.{found.model}" if model is None else model._meta.label), str(key)
