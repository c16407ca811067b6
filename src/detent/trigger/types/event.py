"""EVENT rules: triggered by any occurrence that meets a pattern."""

from collections.abc import Mapping
from typing import Any

from detent.trigger.configuration.trigger_rule import TriggerRuleConfiguration
from detent.trigger.handler import TriggerRuleHandler


class EventConfiguration(TriggerRuleConfiguration):
    """What an EVENT rule says: `version` and `pattern`."""

    schema = {
        "type": "object",
        "required": ["version", "pattern"],
        "additionalProperties": False,
        "properties": {"version": {"const": "1.0"}, "pattern": {"type": "object"}},
    }

    def __init__(self, trigger_rule_type: str, config_dict: Mapping[str, Any]) -> None:
        super().__init__(trigger_rule_type, config_dict)
        self._check_pattern()

    def validate(self) -> None:
        """Find nothing to ask the database about."""

    def pattern(self) -> dict[str, Any]:
        """Return the pattern as the rule has it."""
        pattern: dict[str, Any] = self._dict["pattern"]
        return pattern


class EventHandler(TriggerRuleHandler):
    """Handles EVENT rules."""

    def __init__(self) -> None:
        super().__init__("EVENT")

    def create_configuration(self, config_dict: dict[str, Any]) -> EventConfiguration:
        """Return the configuration of an EVENT rule."""
        return EventConfiguration(self.trigger_rule_type, config_dict)
