"""Rules in the revision that they are: the how-manieth of their lineage."""

from collections.abc import Collection, Iterable
from uuid import UUID

from detent.trigger.history.revisions import revision_numbers
from detent.trigger.models import TriggerRule
from detent.trigger.thread.links import RuleLink


def rule_links(rules: Iterable[TriggerRule | None], using: str) -> dict[int, RuleLink]:
    """Return the links of some rules by key, in one statement.

    Args:
        rules: The rules; None is left out.
        using: The database alias.
    """
    known = {rule.pk: rule for rule in rules if rule}
    numbers = revision_numbers(_lineages({rule.lineage for rule in known.values()}, using))
    return {key: RuleLink(key, str(rule), rule.type, rule.lineage, numbers.get(key, 1)) for key, rule in known.items()}


def _lineages(lineages: Collection[UUID], using: str) -> dict[int, int | None]:
    """Return the revisions of some lineages, each by its key with that of the one before it."""
    if not lineages:
        return {}
    rows = TriggerRule.objects.using(using).filter(lineage__in=lineages)
    return dict(rows.values_list("pk", "supersedes"))
