"""Rules that a client would make: whether they are valid, and whether the client may."""

from collections.abc import Iterator
from typing import Any

from detent.trigger.configuration.authority import ActionNotPermitted, User, check_author
from detent.trigger.configuration.exceptions import raise_all
from detent.trigger.configuration.trigger_rule import TriggerRuleConfiguration
from detent.trigger.handler import get_trigger_rule_handler
from detent.trigger.rest.permissions import ADD_RULE, CHANGE_RULE
from detent.trigger.rest.refusals import INVALID, refused_author, refused_rule
from detent.trigger.rest.secrets import refuse_masked
from detent.trigger.rule_files import ImportPlan, PlannedChange
from detent.workflow.rest.problem import FieldError, Problem


def accepted(rule_type: str, configuration: dict[str, Any]) -> TriggerRuleConfiguration:
    """Return the configuration of a rule, checked against the database too.

    Args:
        rule_type: The type of the rule.
        configuration: What the client sent.

    Raises:
        InvalidTriggerRule: It is invalid.
        InvalidTriggerType: There is no such type.
    """
    raise_all(refuse_masked(configuration))
    made = get_trigger_rule_handler(rule_type).create_configuration(configuration)
    made.accepted()
    return made


def accepted_from(user: User, rule_type: str, configuration: dict[str, Any]) -> TriggerRuleConfiguration:
    """Return the configuration of a rule that a user may make.

    Args:
        user: Who would make it.
        rule_type: The type of the rule.
        configuration: What the client sent.

    Raises:
        Problem: It is invalid, or the user may not have its actions run.
    """
    try:
        made = accepted(rule_type, configuration)
        check_author(user, made)
    except INVALID as error:
        raise refused_rule(error, configuration) from error
    except ActionNotPermitted as error:
        raise refused_author(error) from error
    return made


def check_import(user: User, plan: ImportPlan) -> None:
    """Hold the plan of an import to what a user may do.

    Args:
        user: Who imports.
        plan: What would be done.

    Raises:
        Problem: The user may not do some of it.
    """
    lacking = sorted({permission for permission in _acts_of(plan) if not user.has_perm(permission)})
    if lacking:
        said = f"This import asks for the permissions {', '.join(lacking)}."
        faults = [FieldError("/rules", f"It asks for {each}.", "Have it given to you.") for each in lacking]
        raise Problem(403, said, kind="import-not-permitted", errors=faults)
    for place, change in enumerate(plan.changes):
        _check_change(user, place, change)


def _acts_of(plan: ImportPlan) -> Iterator[str]:
    for change in plan.changes:
        # What is created and paused at once is not changed.
        if change.acts:
            yield CHANGE_RULE if change.rule else ADD_RULE


def _check_change(user: User, place: int, change: PlannedChange) -> None:
    if change.entry is None or not {"created", "revised"} & set(change.acts):
        return
    try:
        check_author(user, get_trigger_rule_handler(change.entry.type).create_configuration(change.entry.configuration))
    except ActionNotPermitted as error:
        raise refused_author(error, f"/rules/{place}") from error
