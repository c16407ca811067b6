"""The objects that a row holds beside their keys, and what `save()` asks of them before it writes the row."""

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from django.db import models


class _Key(NamedTuple):
    """Where the key of a related object is: in the row, and in the object."""

    in_row: str
    in_object: str


def prepare_related(row: models.Model) -> None:
    """Do what `save()` does before it writes a row: take over the keys of objects that were saved since.

    Args:
        row: The row.

    Raises:
        ValueError: The row points at an object that is not saved.
    """
    keys = _keys(type(row))
    for name, related in row._state.fields_cache.items():
        # Nearly always the row has its object's key; only where it has not, or it is not known, is there work to do.
        if related is not None and not (name in keys and _is_known_by_key(row, related, keys[name])):
            row._prepare_related_fields_for_save(operation_name="save")  # type: ignore[attr-defined]
            return


@cache
def _keys(model: type[models.Model]) -> Mapping[str, _Key]:
    """Return the keys of the foreign keys that point at primary keys, by the names under which objects are held."""
    foreign = [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]
    return {
        field.cache_name: _Key(field.attname, field.target_field.attname)
        for field in foreign
        if field.target_field.primary_key
    }


def _is_known_by_key(row: models.Model, related: models.Model, key: _Key) -> bool:
    value = row.__dict__.get(key.in_row)
    return value is not None and related.__dict__.get(key.in_object) == value
