"""What holds back the deliveries of a rule that fail in a row."""

from django.db import migrations, models

from detent.workflow import FrozenWorkflow, StateField


class Migration(migrations.Migration):
    """Adds circuit breakers; with defaults in the database, so that processes of before go on while this is deployed."""

    dependencies = [("trigger", "0012_traceparent")]

    operations = [
        migrations.AddField("delivery", "breaker_failures", models.PositiveIntegerField(blank=True, null=True)),
        migrations.AddField("delivery", "breaker_seconds", models.FloatField(blank=True, null=True)),
        migrations.AddField(
            "lane",
            "breaker",
            StateField(
                db_default="closed",
                max_length=16,
                workflow=FrozenWorkflow(initial_state="closed", name="BreakerWorkflow", states=["closed", "open"]),
            ),
        ),
        migrations.AddField("lane", "failures", models.PositiveIntegerField(db_default=0, default=0)),
        migrations.AddField("lane", "try_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("lane", "probe", models.BigIntegerField(blank=True, null=True)),
    ]
