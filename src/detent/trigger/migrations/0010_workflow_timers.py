"""When objects are moved by themselves."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds `trigger_workflow_timer`."""

    dependencies = [("trigger", "0009_webhooks")]

    operations = [
        migrations.CreateModel(
            name="WorkflowTimer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("model", models.CharField(max_length=100)),
                ("field", models.CharField(max_length=100)),
                ("object_key", models.CharField(max_length=255)),
                ("state", models.CharField(max_length=255)),
                ("transition", models.CharField(max_length=100)),
                ("due", models.DateTimeField(db_index=True)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("error", models.TextField(blank=True, default="")),
            ],
            options={
                "db_table": "trigger_workflow_timer",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("model", "object_key", "field", "transition"), name="trigger_timer_once"
                    )
                ],
            },
        ),
    ]
