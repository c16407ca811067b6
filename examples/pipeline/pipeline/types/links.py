"""Which types a rule asks for, and what becomes of a rule that one of them lets go."""

from django.db.models.signals import post_save
from django.dispatch import receiver

from detent.trigger.models import TriggerRule
from pipeline.models import JobType, RecipeType

Kind = JobType | RecipeType


def types_of(rule: TriggerRule) -> list[Kind]:
    """Return the types to which a rule is attached, in whichever of its revisions."""
    recipe_types = RecipeType.objects.filter(trigger_rule__lineage=rule.lineage)
    return [*recipe_types, *JobType.objects.filter(trigger_rule__lineage=rule.lineage)]


def let_go(kind: Kind, rule: TriggerRule) -> None:
    """Archive a rule that a type no longer has; one that others share goes on without the actions for that type."""
    if not types_of(rule):
        rule.archive()
        return
    others = [planned for planned in rule.configuration.get("actions", ()) if not kind.is_started_by(planned)]
    rule.revise({**rule.configuration, "actions": others})


@receiver(post_save, sender=TriggerRule, dispatch_uid="pipeline.types")
def check_types(instance: TriggerRule, *, created: bool, raw: bool, **_: object) -> None:
    """Check a rule's new revision, whoever makes it, against the types that have the rule.

    What they raise undoes the revision. The types are not locked, lest the locks be taken against their order: an
    edit of a type holds the lock on its rule, for which the revision had to wait.

    Raises:
        InvalidTriggerType: Such a rule cannot ask for one of them.
        InvalidConnection: What it gives does not fit one of them, or InvalidRecipeConnection.
    """
    if created and not raw and instance.supersedes_id:
        configuration = instance.get_configuration()
        for kind in types_of(instance):
            kind.check_rule(configuration)
