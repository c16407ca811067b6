"""Endpoints of webhooks that are disabled."""

from django.db import migrations, models

from detent.workflow import StateField
from detent.workflow.frozen import FrozenWorkflow


class Migration(migrations.Migration):
    """Adds `trigger_webhook_endpoint`."""

    dependencies = [("trigger", "0008_deliveries")]

    operations = [
        migrations.CreateModel(
            name="WebhookEndpoint",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=100, unique=True)),
                (
                    "state",
                    StateField(
                        max_length=16,
                        workflow=FrozenWorkflow(
                            name="EndpointWorkflow", initial_state="enabled", states=["enabled", "disabled"]
                        ),
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=200)),
            ],
            options={"db_table": "trigger_webhook_endpoint"},
        ),
    ]
