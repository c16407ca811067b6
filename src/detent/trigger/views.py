"""Rules, events, deliveries and workflows over HTTP: the views of `detent.trigger.rest`, where the seed looks for them.

They need what the extra `rest` brings; a project includes `detent.trigger.urls`.
"""

from detent.trigger.rest.deliveries import DeliveryViewSet
from detent.trigger.rest.events import TriggerEventViewSet
from detent.trigger.rest.pagination import NewestFirst
from detent.trigger.rest.permissions import HoldsPermissions
from detent.trigger.rest.rules import TriggerRuleViewSet
from detent.trigger.rest.viewset import RecordViewSet
from detent.trigger.rest.workflows import WorkflowViewSet

__all__ = [
    "DeliveryViewSet",
    "HoldsPermissions",
    "NewestFirst",
    "RecordViewSet",
    "TriggerEventViewSet",
    "TriggerRuleViewSet",
    "WorkflowViewSet",
]
