"""What an import would do: found out without writing anything."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from detent.trigger.configuration.exceptions import InvalidTriggerRule, InvalidTriggerType
from detent.trigger.history.difference import Difference, differences
from detent.trigger.models import TriggerRule
from detent.trigger.rule_files.complaints import EntryComplaint, InvalidRuleFile
from detent.trigger.rule_files.entry import RuleEntry

CREATED, REVISED, PAUSED, RESUMED, ARCHIVED = "created", "revised", "paused", "resumed", "archived"


@dataclass(frozen=True)
class PlannedChange:
    """What becomes of one rule.

    Attributes:
        name: The rule.
        acts: What is done: some of created, revised, paused, resumed and archived; empty: it stays as it is.
        differences: In what its configuration changes, where it is revised.
        entry: What the file says of it; None if the file does not name it.
        rule: The rule as it is; None if it is created.
    """

    name: str
    acts: tuple[str, ...]
    differences: tuple[Difference, ...] = ()
    entry: RuleEntry | None = None
    rule: TriggerRule | None = None

    def as_data(self) -> dict[str, Any]:
        """Return the change as JSON has it."""
        return {
            "name": self.name,
            "acts": list(self.acts),
            "differences": [difference.as_data() for difference in self.differences],
        }


@dataclass(frozen=True)
class ImportPlan:
    """What an import does.

    Attributes:
        changes: What becomes of each rule that the file names, in its order; then of those that are archived.
        left_alone: The rules, in force or paused, that the file does not name and that stay as they are.
    """

    changes: tuple[PlannedChange, ...]
    left_alone: tuple[TriggerRule, ...]

    def as_data(self) -> dict[str, Any]:
        """Return the plan as JSON has it."""
        return {
            "changes": [change.as_data() for change in self.changes],
            "left_alone": [{"id": rule.pk, "name": rule.name} for rule in self.left_alone],
        }


def plan_import(entries: Sequence[RuleEntry], using: str, *, archive_others: bool = False) -> ImportPlan:
    """Find out what the import of a file would do; nothing is written.

    Args:
        entries: The rules of the file.
        using: The database alias.
        archive_others: Whether rules that the file does not name are archived.

    Raises:
        InvalidRuleFile: Some of the entries are invalid, or do not fit the rules of their names.
    """
    named: dict[str, list[TriggerRule]] = defaultdict(list)
    for rule in TriggerRule.objects.using(using).filter(archived=None).order_by("pk"):
        named[rule.name].append(rule)
    changes = list(_changes(entries, named))
    wanted = {entry.name for entry in entries}
    others = [rule for name, rules in named.items() if name not in wanted for rule in rules]
    if archive_others:
        archived = [PlannedChange(str(rule), (ARCHIVED,), rule=rule) for rule in others]
        return ImportPlan((*changes, *archived), ())
    return ImportPlan(tuple(changes), tuple(others))


def _changes(entries: Sequence[RuleEntry], named: Mapping[str, list[TriggerRule]]) -> Iterator[PlannedChange]:
    complaints = []
    for number, entry in enumerate(entries, 1):
        try:
            yield _change(entry, named.get(entry.name, []))
        except InvalidTriggerType as error:
            complaints.append(EntryComplaint(number, entry.name, "type", str(error)))
        except InvalidTriggerRule as error:
            complaints.append(EntryComplaint(number, entry.name, error.path, error.reason))
    if complaints:
        raise InvalidRuleFile(complaints)


def _change(entry: RuleEntry, rules: list[TriggerRule]) -> PlannedChange:
    accepted = entry.accepted()
    if not rules:
        return PlannedChange(entry.name, (CREATED, PAUSED) if entry.is_active is False else (CREATED,), entry=entry)
    if len(rules) > 1:
        keys = ", ".join(str(rule.pk) for rule in rules)
        raise InvalidTriggerRule(f"{len(rules)} rules are called so: {keys}; archive all but one", "name")
    (rule,) = rules
    if rule.type != entry.type:
        raise InvalidTriggerRule(f"rule {rule.pk} of this name is of type {rule.type}; archive it first", "type")
    changed = tuple(differences(_said_by(rule), accepted))
    acts = (*([REVISED] if changed else []), *_switch(entry, rule))
    return PlannedChange(entry.name, acts, changed, entry, rule)


def _switch(entry: RuleEntry, rule: TriggerRule) -> Iterator[str]:
    if entry.is_active is not None and entry.is_active != rule.is_active:
        yield RESUMED if entry.is_active else PAUSED


def _said_by(rule: TriggerRule) -> dict[str, Any]:
    """Return what a rule says in the words of the newest version, in which the file's entry is compared with it."""
    try:
        return rule.get_configuration().get_dict()
    except (InvalidTriggerRule, InvalidTriggerType):
        stored: dict[str, Any] = rule.configuration
        return stored
