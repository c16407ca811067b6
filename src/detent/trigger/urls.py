"""URLs of rules and events: `path("triggers/", include("detent.trigger.urls"))`."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from detent.trigger.views import TriggerEventViewSet, TriggerRuleViewSet

router = SimpleRouter()
router.register("rules", TriggerRuleViewSet, basename="rule")
router.register("events", TriggerEventViewSet, basename="event")

app_name = "trigger"
urlpatterns = [*router.urls, path("occurrences/", include("detent.trigger.inbound.urls"))]
