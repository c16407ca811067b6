"""What came of an emission: the rows that were written, made into objects when someone asks for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from django.db import models

from detent.trigger.models import Occurrence, TriggerEvent
from detent.trigger.occurrences.emission import CheckedEmission
from detent.trigger.occurrences.evaluation import Evaluation
from detent.trigger.occurrences.records import EVENTS, OCCURRENCES, Circumstances, Triggered, event_row, occurrence_row

_Model = TypeVar("_Model", bound=models.Model)


class TakenIn(NamedTuple):
    """An occurrence that `emit` has written.

    Attributes:
        pk: Its key.
        emission: What happened.
        circumstances: How it was taken in.
        using: The alias of the database that has it.
    """

    pk: int
    emission: CheckedEmission
    circumstances: Circumstances
    using: str

    @property
    def type(self) -> str:
        """What kind of thing happened."""
        return self.emission.document["type"]

    @property
    def time(self) -> datetime:
        """When it happened."""
        return self.emission.time


class MadeEvent(NamedTuple):
    """An event that `emit` has written.

    Attributes:
        pk: Its key.
        evaluation: What its rule made of the occurrence.
    """

    pk: int
    evaluation: Evaluation


@dataclass(frozen=True, repr=False)
class Emitted:
    """What came of an emission. The rows are made into objects when they are asked for.

    Attributes:
        duplicate: Whether an occurrence with its source and id had been taken in before.
        taken_in: The occurrence that was written, or None.
        made: The events that were written.
    """

    duplicate: bool = False
    taken_in: TakenIn | None = None
    made: Sequence[MadeEvent] = ()

    @cached_property
    def occurrence(self) -> Occurrence | None:
        """The row, or None: nothing was written, as no rule matched or it had been taken in before."""
        if self.taken_in is None:
            return None
        pk, emission, circumstances, using = self.taken_in
        values = dict(zip(OCCURRENCES.columns, occurrence_row(emission), strict=True))
        values |= {"id": pk, "data": emission.document["data"], **circumstances._asdict()}
        return _loaded(Occurrence, values, using)

    @cached_property
    def events(self) -> tuple[TriggerEvent, ...]:
        """An event for each rule that was triggered."""
        return tuple(event for event in self._all_events if event.outcome != TriggerEvent.FAILED)

    @cached_property
    def failures(self) -> tuple[TriggerEvent, ...]:
        """An event for each rule that could not be evaluated, with the reason."""
        return tuple(event for event in self._all_events if event.outcome == TriggerEvent.FAILED)

    def __repr__(self) -> str:
        parts = f"{self.occurrence!r}, events={self.events}, duplicate={self.duplicate}, failures={self.failures}"
        return f"{type(self).__name__}({parts})"

    @cached_property
    def _all_events(self) -> tuple[TriggerEvent, ...]:
        return tuple(_event(self.taken_in, made, self.occurrence) for made in self.made) if self.taken_in else ()


def _event(taken_in: TakenIn, made: MadeEvent, occurrence: Occurrence | None) -> TriggerEvent:
    values = dict(zip(EVENTS.columns, event_row(Triggered(taken_in, made.evaluation)), strict=True))
    values |= {"id": made.pk, "description": made.evaluation.description.value}
    event = _loaded(TriggerEvent, values, taken_in.using)
    event.occurrence = occurrence
    return event


def _loaded(model: type[_Model], values: Mapping[str, Any], using: str) -> _Model:
    """Make an object as if it had been read."""
    names = [field.attname for field in model._meta.concrete_fields]
    return model.from_db(using, names, [values[name] for name in names])
