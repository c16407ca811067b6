"""Clock schedules remember what they have told of, and may have no next tick."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Makes the table of clock schedules anew: its rows follow from the rules, and workers write them."""

    dependencies = [("trigger", "0004_windows")]

    operations = [
        migrations.DeleteModel("ClockSchedule"),
        migrations.CreateModel(
            name="ClockSchedule",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("lineage", models.UUIDField(unique=True)),
                (
                    "rule",
                    models.ForeignKey(on_delete=models.deletion.CASCADE, related_name="+", to="trigger.triggerrule"),
                ),
                ("rule_modified", models.DateTimeField()),
                ("revised", models.DateTimeField()),
                ("start", models.DateTimeField()),
                ("told", models.DateTimeField()),
                ("due", models.DateTimeField(blank=True, db_index=True, null=True)),
            ],
            options={"db_table": "trigger_clock_schedule"},
        ),
    ]
