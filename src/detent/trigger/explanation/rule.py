"""Why a rule would, or would not, be triggered by a document."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS, DatabaseError

from detent.patterns import Explanation, Pattern
from detent.trigger.configuration.trigger_rule import TriggerRuleConfiguration
from detent.trigger.document import Document
from detent.trigger.explanation.actions import ExplainedAction, explain_actions
from detent.trigger.explanation.condition import ExplainedCondition, ask_condition
from detent.trigger.explanation.sighting import Sighting, sighting_of
from detent.trigger.explanation.standing import Standing, standing_of
from detent.trigger.handler import get_trigger_rule_handler
from detent.trigger.windows.forecast import Forecast, forecast
from detent.trigger.windows.outcomes import FIRED

if TYPE_CHECKING:
    from detent.trigger.models.rule import TriggerRule


@dataclass(frozen=True)
class RuleExplanation:
    """Why a rule would, or would not, be triggered by a document.

    Attributes:
        standing: Whether the rule is in force.
        sighting: The occurrence with the document's source and id, if it has been taken in before.
        failure: Why the rule's type or configuration cannot be used, or "".
        pattern: What its pattern makes of the document; None if occurrences do not trigger it.
        condition: What the code of its type says; None if the pattern is not met, so that it is not asked.
        window: What its window would do with the event; None: it has no window, the document does not concern it, or
            has made an event of the rule before.
        actions: What its actions would get.
    """

    standing: Standing
    sighting: Sighting | None
    failure: str = ""
    pattern: Explanation | None = None
    condition: ExplainedCondition | None = None
    window: Forecast | None = None
    actions: tuple[ExplainedAction, ...] = ()

    @property
    def matched(self) -> bool:
        """Whether the document is one that the rule is for: its pattern and its condition are met."""
        return self.condition is not None and self.condition.met

    @property
    def triggered(self) -> bool:
        """Whether `emit` would trigger the rule if it were told of the document now, and its window let it through."""
        return not self.obstacles

    @property
    def obstacles(self) -> tuple[str, ...]:
        """What keeps the rule from being triggered; empty if it would be."""
        return tuple(self._obstacles())

    def as_data(self) -> dict[str, Any]:
        """Return the explanation as JSON has it."""
        derived = {"triggered": self.triggered, "obstacles": self.obstacles, "matched": self.matched}
        data: dict[str, Any] = json.loads(json.dumps(derived | asdict(self), cls=DjangoJSONEncoder))
        return data

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _obstacles(self) -> Iterator[str]:
        if self.sighting:
            yield "an occurrence with this source and id has been taken in before"
        if self.standing.state != "in force":
            yield f"the rule is {self.standing.state}"
        if self.failure:
            yield f"the rule cannot be used: {self.failure}"
        elif self.pattern is None:
            yield "no occurrence triggers a rule of this type"
        elif self.condition is None:
            yield "its pattern is not met"
        elif self.condition.failure:
            yield f"the condition of its type cannot be asked: {self.condition.failure}"
        elif not self.condition.met:
            yield "the condition of its type is not met"
        elif self.window and self.window.outcome != FIRED:
            yield f"by its {self.window.window} the event would be {self.window.verdict}"

    def _lines(self) -> Iterator[str]:
        yield f"would not be triggered: {'; '.join(self.obstacles)}" if self.obstacles else "would be triggered"
        yield f"rule: {self.standing}"
        yield f"already seen: {self.sighting or 'no'}"
        if self.failure:
            return
        yield f"pattern: {self.pattern or 'none, as no occurrence triggers a rule of this type'}"
        yield f"condition of its type: {self.condition or 'not asked'}"
        if self.window:
            yield f"window: {self.window}"
        yield "actions, if it were triggered:" if self.actions else "actions: none"
        for number, action in enumerate(self.actions, 1):
            yield f"  {number}. {action}"


def explain_rule(rule: "TriggerRule", document: Document) -> RuleExplanation:
    """Say what a rule makes of a document; see `TriggerRule.explain`."""
    standing, sighting = standing_of(rule), sighting_of(rule, document)
    try:
        configuration, compiled = _compile(rule)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 - as where the rules in force are compiled
        return RuleExplanation(standing, sighting, f"{type(error).__name__}: {error}")
    pattern = compiled.explain(document) if compiled else None
    is_met, using = pattern is not None and pattern.matched, rule._state.db or DEFAULT_DB_ALIAS
    condition = ask_condition(configuration, document, using) if is_met else None
    is_decided = sighting is not None and sighting.event is not None
    opens = condition is not None and condition.met
    return RuleExplanation(
        standing,
        sighting,
        pattern=pattern,
        condition=condition,
        window=None if is_decided else forecast(rule, configuration.window, document, using, opens=opens),
        actions=explain_actions(get_trigger_rule_handler(rule.type), configuration, document),
    )


def _compile(rule: "TriggerRule") -> tuple[TriggerRuleConfiguration, Pattern | None]:
    configuration = rule.get_configuration()
    source = configuration.pattern_of_lineage(str(rule.lineage))
    return configuration, None if source is None else Pattern(source)
