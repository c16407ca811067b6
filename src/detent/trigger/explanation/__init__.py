"""Why a rule would, or would not, be triggered, and what it would do. Never does it."""

from detent.trigger.explanation.actions import ExplainedAction
from detent.trigger.explanation.condition import ExplainedCondition
from detent.trigger.explanation.rule import RuleExplanation, explain_rule
from detent.trigger.explanation.sighting import Sighting
from detent.trigger.explanation.standing import Standing

__all__ = ["ExplainedAction", "ExplainedCondition", "RuleExplanation", "Sighting", "Standing", "explain_rule"]
