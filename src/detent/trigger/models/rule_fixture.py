"""What a fixture does to rules, which does not pass through `save`."""

from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver
from django.utils import timezone

from detent.trigger.models.rule import TriggerRule
from detent.trigger.models.ruleset import Ruleset

# What the original's fixtures do not speak of; reloading one leaves it as it is.
ADDED = ("uuid", "lineage", "supersedes_id", "author_id", "archived_by_id")


@receiver(pre_save, sender=TriggerRule, dispatch_uid="detent.trigger.fixture")
def keep_what_a_fixture_does_not_say(instance: TriggerRule, *, raw: bool, using: str, **_: object) -> None:
    """Let a fixture of the original package, loaded again, leave the rule's lineage as it is."""
    if not raw or instance.lineage:
        return
    stored = TriggerRule.objects.using(using).filter(pk=instance.pk).values(*ADDED).first()
    for name, value in (stored or {}).items():
        setattr(instance, name, value)
    if stored:
        instance.last_modified = timezone.now()
    instance.begin_lineage()


@receiver(post_save, sender=TriggerRule, dispatch_uid="detent.trigger.fixture_token")
def tell_of_a_fixture(*, raw: bool, using: str, **_: object) -> None:
    """Tell every process of a rule that came from a fixture."""
    if raw:
        Ruleset.objects.move_token(using)
