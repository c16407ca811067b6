"""Putting the rules of a file into the database."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from django.db import transaction

from detent.trigger.handler import get_trigger_rule_handler
from detent.trigger.models import Ruleset, TriggerRule
from detent.trigger.rule_files.entry import RuleEntry
from detent.trigger.rule_files.plan import (
    ARCHIVED,
    CREATED,
    PAUSED,
    RESUMED,
    REVISED,
    ImportPlan,
    PlannedChange,
    plan_import,
)
from detent.workflow.actor import acting

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


def import_rules(
    entries: Sequence[RuleEntry],
    using: str,
    *,
    archive_others: bool = False,
    by: "AbstractBaseUser | None" = None,
    approve: Callable[[ImportPlan], object] | None = None,
) -> ImportPlan:
    """Make the rules in the database those of a file, all or none of them.

    Of two imports at once, the second waits until the first has committed, and finds its rules there.

    Args:
        entries: The rules of the file.
        using: The database alias.
        archive_others: Whether rules that the file does not name are archived; otherwise they are left alone.
        by: Who imports them; None: who acts.
        approve: Called with the plan before anything is written; what it raises stops the import.

    Returns:
        What was done.

    Raises:
        InvalidRuleFile: Some of the entries are invalid; nothing has been written.
    """
    who: AbstractContextManager[None] = nullcontext() if by is None else acting(user=by)
    with who, transaction.atomic(using=using):
        # Before the rules are read: whoever else changes rules waits here.
        Ruleset.objects.move_token(using)
        plan = plan_import(entries, using, archive_others=archive_others)
        if approve:
            approve(plan)
        for change in plan.changes:
            _carry_out(change, using)
    return plan


def _carry_out(change: PlannedChange, using: str) -> None:
    rule, entry = change.rule, change.entry
    if entry and CREATED in change.acts:
        rule = _create(entry, using)
    if entry and rule and REVISED in change.acts:
        rule = rule.revise(entry.configuration)
    if rule and PAUSED in change.acts:
        rule.pause()
    if rule and RESUMED in change.acts:
        rule.resume()
    if rule and ARCHIVED in change.acts:
        rule.archive()


def _create(entry: RuleEntry, using: str) -> TriggerRule:
    configuration = get_trigger_rule_handler(entry.type).create_configuration(entry.configuration)
    rules = TriggerRule.objects.db_manager(using)
    made: TriggerRule = rules.create_trigger_rule(entry.type, configuration, entry.name)
    return made
