"""Taking the rules of a database out, as the content of a rule file."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from detent.trigger.models import TriggerRule


@dataclass(frozen=True)
class Export:
    """Rules as the content of a rule file.

    Attributes:
        entries: What the file says, by name.
        left_out: The rules that a file cannot tell apart: they have no name, or share it with another.
    """

    entries: tuple[dict[str, Any], ...]
    left_out: tuple[TriggerRule, ...]


def export_rules(using: str, keys: Collection[int] | None = None) -> Export:
    """Make of rules what `import` makes rules of: the same in an empty database, nothing where they stand.

    Args:
        using: The database alias.
        keys: The rules, by their keys; None: all that are not archived.
    """
    rules = list(TriggerRule.objects.using(using).filter(archived=None).order_by("name", "pk"))
    bearers = Counter(rule.name for rule in rules)
    chosen = [rule for rule in rules if keys is None or rule.pk in keys]
    entries = [_entry(rule) for rule in chosen if rule.name and bearers[rule.name] == 1]
    left_out = [rule for rule in chosen if not rule.name or bearers[rule.name] > 1]
    return Export(tuple(entries), tuple(left_out))


def _entry(rule: TriggerRule) -> dict[str, Any]:
    """Return the entry of a rule; only one that is paused says whether it is active, so that it stays as it is."""
    entry = {"name": rule.name, "type": rule.type, "configuration": rule.configuration}
    return entry if rule.is_active else {**entry, "is_active": False}
