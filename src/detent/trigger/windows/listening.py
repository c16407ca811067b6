"""What a rule listens for: what triggers it, and what its absence would miss."""

import json
from typing import Any, NamedTuple

from detent.patterns import Pattern
from detent.trigger.configuration.trigger_rule import TriggerRuleConfiguration
from detent.trigger.windows.absence import Absence


class Listening(NamedTuple):
    """What a rule listens for.

    Attributes:
        pattern: What occurrences concern it; None: none do.
        opening: Which of them it asks for; None: all of them.
    """

    pattern: Pattern | None
    opening: Pattern | None = None


def patterns_of(configuration: TriggerRuleConfiguration, lineage: str) -> list[dict[str, Any]]:
    """Return the patterns of which one is met by whatever concerns a rule.

    Args:
        configuration: What the rule says.
        lineage: Its lineage.
    """
    pattern, window = configuration.pattern_of_lineage(lineage), configuration.window
    if pattern is None:
        return []
    return [pattern, json.loads(window.of)] if isinstance(window, Absence) else [pattern]


def listening_of(configuration: TriggerRuleConfiguration, lineage: str) -> Listening:
    """Compile what a rule listens for.

    Args:
        configuration: What the rule says.
        lineage: Its lineage.

    Raises:
        InvalidPattern: The type's handler makes a pattern of it that is none.
    """
    match patterns_of(configuration, lineage):
        case []:
            return Listening(None)
        case [pattern]:
            return Listening(Pattern(pattern))
        case patterns:
            return Listening(Pattern({"$or": patterns}), opening=Pattern(patterns[0]))
