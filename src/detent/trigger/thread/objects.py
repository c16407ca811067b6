"""Why an object is as it is: its transitions and the events that made it, each with the thread of its causes."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.db import models, router

from detent.trigger.errors import TriggerError
from detent.trigger.models import Delivery, Occurrence, TriggerEvent
from detent.trigger.thread.causes import Causes
from detent.trigger.thread.consequences import EventConsequence, consequences
from detent.trigger.thread.links import DeliveryLink, EventLink, OccurrenceLink, TransitionLink
from detent.trigger.thread.logged import entries_of, log_models_of

if TYPE_CHECKING:
    from detent.workflow.logs import BaseTransitionLog

LIMIT = 100


class NothingKnown(TriggerError, LookupError):
    """Nothing tells why an object is as it is.

    Attributes:
        model: The label of the object's model.
        key: The object's key.
        reason: Why there is nothing to tell.
    """

    def __init__(self, model: str, key: object, reason: str) -> None:
        super().__init__(f"{model} {key}: {reason}")
        self.model = model
        self.key = key
        self.reason = reason


@dataclass(frozen=True)
class Thread:
    """Why an object is as it is.

    Attributes:
        model: The label of the object's model.
        key: Its key, as text.
        exists: Whether it is still there; its log tells of it also when it is not.
        transitions: Its transitions, newest first.
        is_cut: Whether there are older ones.
        events: The events at which it points: those that made it.
        occurrence: Itself with its causes, if it is an occurrence.
        consequences: What an occurrence, event or delivery led to.
    """

    model: str
    key: str
    exists: bool
    transitions: tuple[TransitionLink, ...] = ()
    is_cut: bool = False
    events: tuple[EventLink, ...] = ()
    occurrence: OccurrenceLink | None = None
    consequences: tuple[EventConsequence, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """Return the thread as nested dicts; times, durations and UUIDs as `DjangoJSONEncoder` takes them."""
        return asdict(self)


def why(instance: models.Model, *, limit: int = LIMIT) -> Thread:
    """Say why an object is as it is, in a number of statements that does not grow with its history.

    Args:
        instance: The object; one that is deleted is asked for by one that has its key, such as `Order(pk=17)`.
        limit: How many of its transitions are told, the newest.

    Returns:
        Its transitions and the events that made it, each with all that stands above it. For an occurrence, an event
        or a delivery, also what it led to.

    Raises:
        NothingKnown: There is no such object and no log tells of one, nothing ever tells of objects of its model, or
            the project's routers keep deliveries from its database.
    """
    model = type(instance)
    using = instance._state.db or router.db_for_read(model, instance=instance)
    if not router.allow_migrate_model(using, Delivery):
        raise NothingKnown(model._meta.label, instance.pk, NO_CAUSES.format(using=using))
    stored = model._base_manager.using(using).filter(pk=instance.pk).first()
    entries = entries_of(instance, using, limit + 1)
    if not stored and not entries:
        raise NothingKnown(model._meta.label, instance.pk, _why_nothing(model, using))
    if not entries and not _tells(model):
        raise NothingKnown(model._meta.label, instance.pk, NO_TRACE)
    told, occurrences = entries[:limit], [stored] if isinstance(stored, Occurrence) else []
    events = _events_of(stored, using)
    emitted_by = [occurrence.cause for occurrence in occurrences]
    causes = Causes(using, [*(entry.cause for entry in told), *emitted_by], events)
    return Thread(
        model=model._meta.label,
        key=str(instance.pk),
        exists=stored is not None,
        transitions=tuple(entry.link(causes.delivery(entry.cause)) for entry in told),
        is_cut=len(entries) > limit,
        events=tuple(map(causes.event, events)),
        occurrence=next(map(causes.occurrence, occurrences), None),
        consequences=_consequences(stored, events, using),
    )


def cause_of(row: "BaseTransitionLog | Occurrence") -> DeliveryLink | None:
    """Say what a transition was made, or an occurrence emitted, in the course of, with all that stands above it.

    Args:
        row: A row of a log, or an occurrence.

    Returns:
        The delivery with its event, rule and occurrence; None if it was none, or the log keeps no causes.
    """
    column = "cause" if isinstance(row, Occurrence) else row.column_for("cause")
    cause: str = getattr(row, column) if column else ""
    using = row._state.db or router.db_for_read(type(row), instance=row)
    return Causes(using, [cause]).delivery(cause)


NO_CAUSES = "by DATABASE_ROUTERS, database {using!r} has no rules and no deliveries, of which causes are told."
NO_TRACE = (
    "nothing is kept of what became of it. Log its transitions (install detent.workflow.log, or give the workflow a "
    "log_model), or give it a foreign key to trigger.TriggerEvent."
)


def _why_nothing(model: type[models.Model], using: str) -> str:
    if not log_models_of(model):
        return f"there is none in database {using!r}, and objects of its model leave no log."
    return f"there is none in database {using!r}, and no log tells that there ever was."


def _event_keys(model: type[models.Model]) -> list[Any]:
    """Return the fields of a model that are foreign keys to events."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and not field.remote_field.parent_link
        and field.related_model._meta.concrete_model is TriggerEvent
    ]


def _tells(model: type[models.Model]) -> bool:
    """Whether anything is kept of what becomes of a model's objects."""
    return bool(log_models_of(model) or _event_keys(model) or issubclass(model, TriggerEvent | Occurrence))


def _events_of(stored: models.Model | None, using: str) -> list[TriggerEvent]:
    """Return the events at which an object points; an event is its own."""
    if stored is None:
        return []
    keys = {getattr(stored, field.attname) for field in _event_keys(type(stored))} - {None}
    if isinstance(stored, TriggerEvent):
        keys = {stored.pk}
    rows = TriggerEvent.objects.using(using).select_related("rule", "occurrence")
    return list(rows.filter(pk__in=keys).order_by("pk")) if keys else []


def _consequences(stored: models.Model | None, events: list[TriggerEvent], using: str) -> tuple[EventConsequence, ...]:
    if isinstance(stored, Occurrence):
        events = list(stored.events.using(using).select_related("rule").order_by("pk"))
    elif stored is None or stored._meta.app_label != TriggerEvent._meta.app_label:
        return ()
    return consequences(events, using)
