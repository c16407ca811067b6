"""The URL of occurrences; `detent.trigger.urls` includes it."""

from django.urls import path

from detent.trigger.inbound.view import OccurrenceView

urlpatterns = [path("", OccurrenceView.as_view(), name="occurrences")]
