"""Setting timers when objects are moved: those of the state that is left are dropped, those of the new one set."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import models, router

from detent.trigger.delivery.database_clock import DatabaseNow
from detent.trigger.models import WorkflowTimer
from detent.trigger.timers.timed import TimedField
from detent.workflow import Transition, Workflow
from detent.workflow.logs.pointing import key_as_text
from detent.workflow.signals import Moved

AT_ONCE = 500
"""Few enough for the parameters of a statement on every database."""


def keep_timers(
    sender: type[models.Model], *, workflow: Workflow, field: str, moves: Sequence[Moved], using: str, **_: Any
) -> None:
    """Keep the timers of objects that were moved, in the transaction of the move; receives `transitioned`."""
    timed = TimedField.of(sender, field, workflow)
    if timed is None or not router.allow_migrate_model(using, WorkflowTimer):
        return
    concerned = [
        moved for moved in moves if timed.transitions_from(moved.from_state) or timed.transitions_from(moved.to_state)
    ]
    for start in range(0, len(concerned), AT_ONCE):
        part = concerned[start : start + AT_ONCE]
        timed.timers(using).filter(object_key__in=[key_as_text(moved.pk) for moved in part]).delete()
        set_timers(
            [
                timer_of(timed, transition, moved.pk, moved.to_state)
                for moved in part
                for transition in timed.transitions_from(moved.to_state)
            ],
            using,
        )


def timer_of(
    timed: TimedField, transition: Transition, key: object, state: str, entered: datetime | None = None
) -> WorkflowTimer:
    """Make the timer of an object.

    Args:
        timed: The state field.
        transition: The transition that it will take.
        key: The object's primary key.
        state: The name of the state that it is in.
        entered: Since when; None: since now, by the database's clock.
    """
    timeout = transition.timeout or timedelta(0)
    due: Any = DatabaseNow(timeout) if entered is None else entered + timeout
    return WorkflowTimer(
        model=timed.label,
        field=timed.name,
        object_key=key_as_text(key),
        state=state,
        transition=transition.name,
        due=due,
    )


def set_timers(timers: Iterable[WorkflowTimer], using: str) -> int:
    """Insert timers; one that is there already stays as it is.

    Args:
        timers: The rows.
        using: The database alias.

    Returns:
        How many there were to insert.
    """
    return len(WorkflowTimer.objects.using(using).bulk_create(timers, ignore_conflicts=True, batch_size=AT_ONCE))
