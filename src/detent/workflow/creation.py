"""The log row of an object's creation, where a workflow asks for it with `log_creation`.

It is written as one of a transition without a name, from the state "" to the one in which the object begins, in the
transaction of the object's own row.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models, transaction

from detent.machine import Transition
from detent.workflow.actor import current_actor
from detent.workflow.bound.memory import Memory
from detent.workflow.passage import Options, Passage, underway
from detent.workflow.stored import ComparedSave

if TYPE_CHECKING:
    from detent.workflow.fields import StateField

CREATION = ""
"""The transition, and the state that was left, of the log row of an object's creation."""


class LoggedCreation(ComparedSave):
    """Mixin of models whose new objects are logged, if a workflow of theirs says so."""

    _workflows: "ClassVar[dict[str, StateField]]"

    # Not a signal's receiver: while one listens, no row can be written by a compiled statement.
    def _save_table(
        self,
        raw: bool = False,  # noqa: FBT001, FBT002 - Django's
        cls: Any = None,
        force_insert: Any = False,  # noqa: FBT002 - Django's
        force_update: Any = False,  # noqa: FBT002 - Django's
        using: Any = None,
        update_fields: Any = None,
    ) -> bool:
        arguments = (raw, cls, force_insert, force_update, using, update_fields)
        # A fixture brings its log along; of several tables, that of the very model is written last.
        if raw or cls is not self._meta.concrete_model or not fields_that_log_creation(type(self)):
            return super()._save_table(*arguments)  # type: ignore[misc, no-any-return]
        memory = Memory(self)
        try:
            with transaction.atomic(using=using, savepoint=False):
                updated: bool = super()._save_table(*arguments)  # type: ignore[misc]
                if not updated:
                    # What save() itself says only later; a log row can point at nothing that is not saved.
                    self._state.adding, self._state.db = False, using
                    log_creation(self, using)
        except BaseException:
            memory.put_back()
            raise
        return updated


def fields_that_log_creation(model: type[models.Model]) -> "Sequence[StateField]":
    """Return a model's state fields whose workflows log an object's creation."""
    workflows: dict[str, StateField] = getattr(model, "_workflows", {})
    return [field for field in workflows.values() if field.workflow.log_creation]


def log_creation(instance: Any, using: str) -> None:
    """Log that an object was created, once for each state that is logged so.

    Args:
        instance: The object.
        using: The alias of the database in which it was created.
    """
    for field in fields_that_log_creation(type(instance)):
        log_creation_in(field, instance, using)


def log_creation_in(field: "StateField", instance: Any, using: str) -> None:
    """Log that an object was created, for one of its states; arguments as in `log_creation`."""
    passage = creation(instance, field, using)
    if passage.options.log:
        with underway(instance, passage):
            field.workflow.db_log(passage.transition, field.workflow.state_value(CREATION), instance)


def creation(instance: Any, field: "StateField", using: str) -> Passage:
    """Return an object's creation as a passage; one by a transition of the new object has its actor and options."""
    state, moving = getattr(instance, field.name), instance._passage
    if moving is None:
        return Passage(Transition(CREATION, (), state), field.name, using, current_actor(), Options())
    if moving.field_name == field.name and moving.from_state:
        state = field.workflow.state_value(moving.from_state)
    options = replace(moving.options, key=None)
    return Passage(Transition(CREATION, (), state), field.name, using, moving.actor, options)
