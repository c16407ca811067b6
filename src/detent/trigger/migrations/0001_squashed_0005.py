"""The tables as the five migrations of the original package left them.

A database in which those five are recorded takes this one as applied.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Rules and events."""

    initial = True

    replaces = [
        ("trigger", "0001_initial"),
        ("trigger", "0002_auto_20151125_1438"),
        ("trigger", "0003_auto_20151202_1325"),
        ("trigger", "0004_auto_20151207_1215"),
        ("trigger", "0005_auto_20170412_1225"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="TriggerRule",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("type", models.CharField(db_index=True, max_length=50)),
                ("name", models.CharField(blank=True, default="", max_length=50)),
                ("configuration", models.JSONField(default=dict)),
                ("is_active", models.BooleanField(db_index=True, default=True)),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("archived", models.DateTimeField(blank=True, null=True)),
                ("last_modified", models.DateTimeField(auto_now=True)),
            ],
            options={"db_table": "trigger_rule"},
        ),
        migrations.CreateModel(
            name="TriggerEvent",
            fields=[
                ("id", models.AutoField(primary_key=True, serialize=False)),
                ("type", models.CharField(db_index=True, max_length=50)),
                (
                    "rule",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=models.deletion.PROTECT, to="trigger.triggerrule"
                    ),
                ),
                ("description", models.JSONField(default=dict)),
                ("occurred", models.DateTimeField(db_index=True)),
            ],
            options={"db_table": "trigger_event"},
        ),
    ]
