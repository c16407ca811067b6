"""How long an action may run."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds `time_limit` to `trigger_delivery`."""

    dependencies = [("trigger", "0010_workflow_timers")]

    operations = [
        migrations.AddField("delivery", "time_limit", models.FloatField(blank=True, null=True)),
    ]
