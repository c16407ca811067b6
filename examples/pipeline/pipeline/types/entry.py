"""Types as entries of a catalogue: how they are taken in and written out."""

from collections.abc import Mapping
from typing import Any

from detent.trigger.configuration.connection import ValidationWarning
from detent.trigger.models import TriggerRule
from pipeline.interface import InvalidDefinition
from pipeline.models import JobType, RecipeType
from pipeline.types.editing import create, edit
from pipeline.types.links import Kind
from pipeline.types.rule_body import RuleBody

FIELDS: Mapping[type[Kind], tuple[str, ...]] = {JobType: ("name", "inputs"), RecipeType: ("name", "inputs", "steps")}
"""What an entry says of a type beside its rule."""

LONGEST_NAME = 50

RULE_FIELDS = ("type", "name", "is_active", "configuration")
"""What an entry says of a rule."""


def save_entry(model: type[Kind], entry: Mapping[str, Any]) -> list[ValidationWarning]:
    """Make the type that an entry describes, or change the one that has its name.

    What the entry does not speak of stays as it is; a `trigger_rule` that is null or empty is removed.

    Args:
        model: JobType or RecipeType.
        entry: The entry.

    Returns:
        What may go wrong.

    Raises:
        InvalidDefinition: The entry has a key that it should not have, or lacks one, or one is of the wrong kind.
        DetentError: As of `create` and `edit`.
    """
    fields = {name: value for name, value in entry.items() if name != "trigger_rule"}
    if unknown := sorted(fields.keys() - FIELDS[model]):
        raise InvalidDefinition(f"{', '.join(map(repr, unknown))} is not a key of an entry")
    if not isinstance(fields.get("name"), str) or not 0 < len(fields["name"]) <= LONGEST_NAME:
        raise InvalidDefinition(f"an entry needs a name, of up to {LONGEST_NAME} characters")
    rule = _rule_body(entry)
    kind: Kind | None = model.objects.filter(name=fields["name"]).first()
    if kind is None:
        return create(model(**fields), rule)
    return edit(kind, trigger_rule=rule, remove_trigger_rule="trigger_rule" in entry and not rule, **fields)


def _rule_body(entry: Mapping[str, Any]) -> RuleBody | None:
    body: RuleBody | None = entry.get("trigger_rule")
    if body is not None and not isinstance(body, dict):
        raise InvalidDefinition(f"trigger_rule must be an object or null, not {body!r}")
    return body or None


def written(kind: Kind) -> dict[str, Any]:
    """Return the entry of a type; taken in again, it changes nothing."""
    rule = kind.rule_in_force()
    fields = {name: getattr(kind, name) for name in FIELDS[type(kind)]}
    return {**fields, "trigger_rule": _written_rule(rule) if rule else None}


def _written_rule(rule: TriggerRule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in RULE_FIELDS}
