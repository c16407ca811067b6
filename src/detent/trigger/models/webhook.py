"""Whether an endpoint still takes webhooks."""

from django.db import models

from detent.trigger.webhook.workflow import EndpointWorkflow
from detent.workflow import Move, StateField, WorkflowEnabled


class WebhookEndpoint(WorkflowEnabled, models.Model):
    """What became of an endpoint of `DETENT["WEBHOOKS"]`; one without a row is enabled.

    Attributes:
        name: Its name in the settings.
        state: Whether webhooks are sent to it; see `EndpointWorkflow`.
        reason: Why it is disabled, or "".
    """

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=100, unique=True)
    state = StateField(EndpointWorkflow)
    reason = models.CharField(max_length=200, blank=True, default="")

    disable: Move
    enable: Move

    class Meta:
        app_label = "trigger"
        db_table = "trigger_webhook_endpoint"

    def __str__(self) -> str:
        return self.name
