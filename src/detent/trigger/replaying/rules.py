"""Which rules a replay asks: those in force, some of them, or drafts of which the database knows nothing."""

from collections.abc import Collection, Sequence
from uuid import UUID, uuid4

from detent.patterns import PatternIndex
from detent.trigger.configuration.exceptions import InvalidTriggerRule, InvalidTriggerType
from detent.trigger.models import TriggerRule
from detent.trigger.replaying.errors import InvalidDrafts, RuleNotInForce
from detent.trigger.replaying.report import RuleReport
from detent.trigger.rule_files import RuleEntry
from detent.trigger.ruleset import CompiledRule, Snapshot, compile_rule, current_ruleset

NO_FILE = "the drafts have no entry of this name."


def rules_in_force(names: Collection[str], using: str) -> tuple[Snapshot, dict[int, RuleReport]]:
    """Return the rules in force, or those of them that are named, and a report to be filled for each.

    Args:
        names: Names or keys of rules; none: all that are in force.
        using: The database alias.

    Raises:
        RuleNotInForce: One of the names is of no rule in force.
    """
    ruleset = current_ruleset(using)
    chosen = {key for name in names for key in _keys(name, ruleset, using)} if names else set(ruleset.rules)
    rules = TriggerRule.objects.using(using).only("name", "type").in_bulk(chosen)
    return only(ruleset, rules), {key: RuleReport(str(rule), key) for key, rule in sorted(rules.items())}


def drafted_rules(
    drafts: Sequence[RuleEntry], names: Collection[str], using: str
) -> tuple[Snapshot, dict[int, RuleReport]]:
    """Return rules that are not in force, and a report to be filled for each.

    A draft with the name of a rule stands for its next revision.

    Args:
        drafts: What the rules say.
        names: Names of drafts; none: all of them.
        using: The database alias.

    Raises:
        RuleNotInForce: One of the names is of no draft.
        InvalidDrafts: Some of the drafts are invalid.
    """
    for name in names:
        if name not in {draft.name for draft in drafts}:
            raise RuleNotInForce(name, NO_FILE)
    chosen = [draft for draft in drafts if not names or draft.name in names]
    compiled, complaints = [], []
    for place, draft in enumerate(chosen, 1):
        try:
            # No row has such a key.
            compiled.append(_compiled(draft, -place, using))
        except (InvalidTriggerRule, InvalidTriggerType) as error:
            complaints.append(f"rule {draft.name!r}: {error}")
    if complaints:
        raise InvalidDrafts(complaints)
    reports = {-place: RuleReport(draft.name, None) for place, draft in enumerate(chosen, 1)}
    return _snapshot("", {rule.id: rule for rule in compiled}), reports


def only(snapshot: Snapshot, keys: Collection[int]) -> Snapshot:
    """Return a snapshot with some of the rules of another."""
    if len(keys) == len(snapshot.rules):
        return snapshot
    return _snapshot(snapshot.token, {key: rule for key, rule in snapshot.rules.items() if key in keys})


def _snapshot(token: str, rules: dict[int, CompiledRule]) -> Snapshot:
    patterns = {key: rule.pattern for key, rule in rules.items() if rule.pattern}
    return Snapshot(token, {}, rules, PatternIndex(patterns))


def _keys(name: str, ruleset: Snapshot, using: str) -> set[int]:
    rules = TriggerRule.objects.using(using)
    named = list(rules.filter(name=name) or (rules.filter(pk=int(name)) if name.isdecimal() else ()))
    if keys := {rule.pk for rule in named} & ruleset.rules.keys():
        return keys
    raise RuleNotInForce(name, _why_not(named))


def _why_not(named: list[TriggerRule]) -> str:
    if not named:
        return "there is none. To try one that is only in a file, give the file as draft."
    if all(rule.archived for rule in named):
        return "it is archived. To see what it would do, give it as draft."
    if not any(rule.is_active for rule in named):
        return "it is not active. To see what it would do, give it as draft."
    return "its configuration is invalid; `manage.py detent rules` says why, and a new revision puts it right."


def _compiled(draft: RuleEntry, key: int, using: str) -> CompiledRule:
    configuration = draft.accepted()
    rule = TriggerRule(
        pk=key, type=draft.type, name=draft.name, configuration=configuration, lineage=_lineage(draft, using)
    )
    return compile_rule(rule)


def _lineage(draft: RuleEntry, using: str) -> UUID:
    """Return the lineage of the rule that the draft would revise, or a new one."""
    revised = TriggerRule.objects.using(using).filter(name=draft.name, archived=None)
    if len(revised) > 1:
        raise InvalidTriggerRule(f"{len(revised)} rules have this name; archive all but one", "name")
    if revised and revised[0].type != draft.type:
        raise InvalidTriggerRule(f"a rule of this name is of type {revised[0].type}; archive it first", "type")
    return revised[0].lineage if revised else uuid4()
