"""URLs of rules, events, deliveries, workflows and occurrences: `path("triggers/", include("detent.trigger.urls"))`."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from detent.trigger.rest.schema import SchemaView
from detent.trigger.views import DeliveryViewSet, TriggerEventViewSet, TriggerRuleViewSet, WorkflowViewSet

router = SimpleRouter()
router.register("rules", TriggerRuleViewSet, basename="rule")
router.register("events", TriggerEventViewSet, basename="event")
router.register("deliveries", DeliveryViewSet, basename="delivery")
router.register("workflows", WorkflowViewSet, basename="workflow")

app_name = "trigger"
urlpatterns = [
    path("schema/", SchemaView.as_view(), name="schema"),
    *router.urls,
    path("occurrences/", include("detent.trigger.inbound.urls")),
]
