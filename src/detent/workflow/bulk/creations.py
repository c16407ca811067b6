"""The log rows of objects that are created in bulk."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.db import models

from detent.workflow.creation import CREATION, creation, fields_that_log_creation, log_creation_in
from detent.workflow.statements.plain import saves_plainly

if TYPE_CHECKING:
    from detent.workflow.fields import StateField
    from detent.workflow.logs import BaseTransitionLog


def log_creations(created: Sequence[models.Model], using: str) -> None:
    """Log that objects were created: by few statements, if nothing needs to see the single row.

    Args:
        created: Objects of one model.
        using: The alias of the database in which they were created.

    Raises:
        UnsavedObject: The database did not tell the keys of the objects.
    """
    for field in fields_that_log_creation(type(created[0])) if created else ():
        log_model = field.workflow.get_log_model()
        if log_model and field.workflow.logs_plainly() and saves_plainly(log_model):
            log_model._base_manager.using(using).bulk_create(_entries(created, field, log_model, using))
        else:
            for instance in created:
                log_creation_in(field, instance, using)


def _entries(
    created: Sequence[Any], field: "StateField", log_model: "type[BaseTransitionLog]", using: str
) -> "list[BaseTransitionLog]":
    # Who acts, and why, is the same for all.
    facts = field.workflow.extra_columns(log_model, creation(created[0], field, using), {})
    return [
        log_model.entry_for(
            instance,
            {**facts, "transition": CREATION, "from_state": CREATION, "to_state": getattr(instance, field.name).name},
        )
        for instance in created
    ]
