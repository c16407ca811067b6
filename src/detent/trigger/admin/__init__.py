"""The admin of the trigger floor: rules, what happened, what it triggered, and what is done about it."""

from detent.trigger.admin.deliveries import AttemptAdmin, DeliveryAdmin
from detent.trigger.admin.events import TriggerEventAdmin
from detent.trigger.admin.occurrences import OccurrenceAdmin
from detent.trigger.admin.rules import TriggerRuleAdmin
from detent.trigger.admin.workings import (
    ClockScheduleAdmin,
    LaneAdmin,
    OrderingKeyAdmin,
    RuleSwitchAdmin,
    WebhookEndpointAdmin,
    WindowAdmin,
    WorkflowTimerAdmin,
)
from detent.workflow.admin import RecordAdmin

__all__ = [
    "AttemptAdmin",
    "ClockScheduleAdmin",
    "DeliveryAdmin",
    "LaneAdmin",
    "OccurrenceAdmin",
    "OrderingKeyAdmin",
    "RecordAdmin",
    "RuleSwitchAdmin",
    "TriggerEventAdmin",
    "TriggerRuleAdmin",
    "WebhookEndpointAdmin",
    "WindowAdmin",
    "WorkflowTimerAdmin",
]
