"""Which rows a compiled statement may write: those of which `save()` would make nothing else.

`save()` is not overridden, no signal listens, the model has one table, and every value is one that its field hands to
the database as it is.
"""

from operator import attrgetter
from typing import Any

from django.db import connections, models
from django.db.models.signals import post_init, post_save, pre_init, pre_save

from detent.workflow.creation import LoggedCreation
from detent.workflow.signals import is_heard

FILLED_IN = frozenset((models.DateField.pre_save, models.DateTimeField.pre_save, models.TimeField.pre_save))
"""The `pre_save` of fields that may fill in their value, as for `auto_now`."""

_KNOWN_PRE_SAVE = {models.Field.pre_save, *FILLED_IN}
_VENDORS = ("sqlite", "postgresql", "mysql")
_steps_of_save = attrgetter("save", "save_base", "_save_parents", "_save_table", "_do_update", "_do_insert")
_compared_steps_of_save = attrgetter("_save_table", "_do_update", "_do_insert")
_PLAIN_STEPS = {
    _steps_of_save(models.Model),
    (*_steps_of_save(models.Model)[:-3], *_compared_steps_of_save(LoggedCreation)),
}


def saves_plainly(model: type[models.Model]) -> bool:
    """Whether `save()` is Django's own and no one listens; asked at each call, as receivers come and go."""
    return _steps_of_save(model) in _PLAIN_STEPS and not (is_heard(pre_save, model) or is_heard(post_save, model))


def is_made_plainly(model: type[models.Model]) -> bool:
    """Whether making an object of a model is Django's own and no one listens, so that no object need be made."""
    own = model.__init__ is models.Model.__init__
    return own and not (is_heard(pre_init, model) or is_heard(post_init, model))


def has_plain_rows(model: type[models.Model], using: str) -> bool:
    """Whether a model's rows have one table and plain values.

    Args:
        model: The model.
        using: The alias of the database.
    """
    meta: Any = model._meta
    one_table = not meta.concrete_model._meta.parents and not isinstance(meta.pk, models.CompositePrimaryKey)
    return one_table and connections[using].vendor in _VENDORS and all(map(_is_plain_field, meta.concrete_fields))


def _is_plain_field(field: Any) -> bool:
    needs_sql = hasattr(field, "get_placeholder") or hasattr(field, "get_placeholder_sql")
    return type(field).pre_save in _KNOWN_PRE_SAVE and not needs_sql and not field.generated
