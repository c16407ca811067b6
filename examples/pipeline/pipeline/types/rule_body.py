"""A rule as an interface takes it: `{"type": ..., "configuration": ..., "is_active": ...}`."""

from typing import Any, TypedDict

from detent.trigger import InvalidTriggerRule, get_trigger_rule_handler
from detent.trigger.models import TriggerRule
from pipeline.types.links import Kind, types_of


class RuleBody(TypedDict, total=False):
    """What to make of a type's rule.

    Attributes:
        type: The type of the rule; it comes with a configuration, and is revised where that differs.
        configuration: What the rule says.
        name: What a new rule is called; default: as its job type or recipe type is.
        is_active: Whether the rule is active; alone, it turns the rule on or off where it stands.
    """

    type: str
    configuration: dict[str, Any]
    name: str
    is_active: bool


def rule_of(body: RuleBody, kind: Kind) -> TriggerRule:
    """Return the rule that a body asks for.

    It is the rule that the type has, if that says the same; a revision of it, if no other type has it; or a new one.

    Args:
        body: What is asked for.
        kind: The type that is to have the rule.

    Raises:
        InvalidTriggerType: There is no such type of rule.
        InvalidTriggerRule: The configuration is invalid, or the body is incomplete.
    """
    _check_keys(body)
    current = kind.rule_in_force()
    if body.keys() == {"is_active"}:
        if current is None:
            raise InvalidTriggerRule(f"{kind.name!r} has no rule that could be turned on or off.")
        return _turned(current, on=body["is_active"])
    if "type" not in body or "configuration" not in body:
        raise InvalidTriggerRule("Trigger type and configuration are required together.")
    rule = _saying(body, kind, current)
    return _turned(rule, on=body.get("is_active", rule.is_active))


def _check_keys(body: RuleBody) -> None:
    if unknown := sorted(body.keys() - RuleBody.__annotations__.keys()):
        raise InvalidTriggerRule(f"{', '.join(map(repr, unknown))} is not a key of a rule")
    if not isinstance(body.get("is_active", True), bool):
        raise InvalidTriggerRule("must be true or false", "is_active")


def _saying(body: RuleBody, kind: Kind, current: TriggerRule | None) -> TriggerRule:
    handler = get_trigger_rule_handler(body["type"])
    configuration = handler.create_configuration(body["configuration"]).get_dict()
    if current and current.type == body["type"]:
        if current.configuration == configuration:
            return current
        if types_of(current) == [kind]:
            return current.revise(configuration)
    return handler.create_trigger_rule(configuration, body.get("name", kind.name), body.get("is_active", True))


def _turned(rule: TriggerRule, *, on: bool) -> TriggerRule:
    if rule.is_active != on:
        rule.is_active = on
        rule.save(update_fields=["is_active", "last_modified"])
    return rule
