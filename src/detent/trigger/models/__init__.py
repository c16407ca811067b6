"""The tables of the trigger floor: rules, what happened, what it triggered, and what is to be done about it."""

from detent.trigger.managers.events import TriggerEventManager
from detent.trigger.managers.rules import TriggerRuleManager
from detent.trigger.models.clock import ClockSchedule
from detent.trigger.models.delivery import Attempt, Delivery
from detent.trigger.models.event import TriggerEvent
from detent.trigger.models.occurrence import Occurrence
from detent.trigger.models.ordering import BreakerWorkflow, Lane, LaneWorkflow, OrderingKey
from detent.trigger.models.received import ReceivedMessage
from detent.trigger.models.rule import TriggerRule
from detent.trigger.models.rule_fixture import keep_what_a_fixture_does_not_say, tell_of_a_fixture
from detent.trigger.models.ruleset import Ruleset
from detent.trigger.models.switch import RuleSwitch
from detent.trigger.models.timer import WorkflowTimer
from detent.trigger.models.webhook import WebhookEndpoint
from detent.trigger.models.window import Window

__all__ = [
    "Attempt",
    "BreakerWorkflow",
    "ClockSchedule",
    "Delivery",
    "Lane",
    "LaneWorkflow",
    "Occurrence",
    "OrderingKey",
    "ReceivedMessage",
    "RuleSwitch",
    "Ruleset",
    "TriggerEvent",
    "TriggerEventManager",
    "TriggerRule",
    "TriggerRuleManager",
    "WebhookEndpoint",
    "Window",
    "WorkflowTimer",
    "keep_what_a_fixture_does_not_say",
    "tell_of_a_fixture",
]
