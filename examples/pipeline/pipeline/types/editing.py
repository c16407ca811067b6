"""Creating and editing types: whatever changes, a type and its rule are checked against each other."""

from typing import Any

from django.db import transaction

from detent.trigger.configuration.connection import ValidationWarning
from detent.trigger.errors import RuleIsArchived
from detent.trigger.models import TriggerRule
from pipeline.models import JobType, RecipeType
from pipeline.types.links import Kind, let_go
from pipeline.types.rule_body import RuleBody, rule_of


@transaction.atomic
def create(kind: Kind, trigger_rule: TriggerRule | RuleBody | None = None) -> list[ValidationWarning]:
    """Save a new type, after a check of the type and of the rule that it is to have.

    To only see what would come of it: `transaction.set_rollback(True)` in a transaction of your own.

    Args:
        kind: The type, not saved.
        trigger_rule: The rule, or what it is to say.

    Returns:
        What may go wrong.

    Raises:
        InvalidDefinition: The type cannot be so; this and the other errors leave everything as it was.
        InvalidTriggerType: There is no such type of rule, or it cannot ask for such a type.
        InvalidTriggerRule: What the rule is to say is invalid.
        InvalidConnection: What the rule gives does not fit the job type.
        InvalidRecipeConnection: What the rule gives does not fit the recipe type.
        RuleIsArchived: The rule is history.
    """
    kind.trigger_rule = _rule(trigger_rule, kind)
    warnings = kind.validate()
    kind.save(force_insert=True)
    return warnings


def edit(
    kind: Kind,
    *,
    trigger_rule: TriggerRule | RuleBody | None = None,
    remove_trigger_rule: bool = False,
    **changes: Any,
) -> list[ValidationWarning]:
    """Change a type, its rule or both, and check whichever rule it has then against what it is then.

    A rule that the type no longer has is archived, unless another type shares it.

    Args:
        kind: The type; it shows what was saved in the end.
        trigger_rule: The rule that it is to have, or what that is to say; None: unchanged.
        remove_trigger_rule: Whether it is to have none.
        **changes: Its other attributes, by name.

    Returns:
        What may go wrong.

    Raises:
        DetentError: As of `create`; everything is left as it was.
    """
    with transaction.atomic():
        stored = _locked(kind)
        for name, value in changes.items():
            setattr(stored, name, value)
        stored.save()
        if trigger_rule or remove_trigger_rule:
            _attach(stored, None if remove_trigger_rule else _rule(trigger_rule, stored))
        warnings = [*stored.validate(), *_check_recipes_with(stored)]
    kind.refresh_from_db()
    return warnings


def _locked(kind: Kind) -> Kind:
    """Lock what the edit may concern, always in this order: recipe types, job types, the rule."""
    for model in (RecipeType, JobType):
        list(model.objects.select_for_update().order_by("pk"))
    stored: Kind = type(kind).objects.get(pk=kind.pk)
    if rule := stored.rule_in_force():
        TriggerRule.objects.select_for_update().get(pk=rule.pk)
    return stored


def _rule(wanted: TriggerRule | RuleBody | None, kind: Kind) -> TriggerRule | None:
    rule = rule_of(wanted, kind) if isinstance(wanted, dict) else wanted
    if rule and rule.archived:
        raise RuleIsArchived(rule.pk)
    return rule


def _attach(kind: Kind, rule: TriggerRule | None) -> None:
    before = kind.rule_in_force()
    kind.trigger_rule = rule
    kind.save()
    if before and (rule is None or rule.lineage != before.lineage):
        let_go(kind, before)


def _check_recipes_with(kind: Kind) -> list[ValidationWarning]:
    """Check the recipe types of which a job type is a step; each may have been right only for what it was before."""
    if isinstance(kind, RecipeType):
        return []
    return [
        warning
        for recipe_type in RecipeType.objects.order_by("pk")
        if kind.name in recipe_type.steps
        for warning in recipe_type.check_definition()
    ]
