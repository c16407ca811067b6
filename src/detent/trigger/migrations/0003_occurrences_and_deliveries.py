"""What happened, what is to be done about it, and the marks that processes share."""

import django.utils.timezone
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import detent.trigger.models.delivery
from detent.workflow import FrozenWorkflow, StateField


def exact_names(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
    """Let two occurrences differ by case or a trailing space on MySQL and MariaDB too, as they do everywhere else."""
    if schema_editor.connection.vendor != "mysql":
        return
    exact = "utf8mb4_nopad_bin" if getattr(schema_editor.connection, "mysql_is_mariadb", False) else "utf8mb4_0900_bin"
    for column in ("source", "identifier"):
        schema_editor.execute(
            f"ALTER TABLE trigger_occurrence MODIFY {column} varchar(255) CHARACTER SET utf8mb4 COLLATE {exact} NOT NULL"
        )


class Migration(migrations.Migration):
    """Adds occurrences, deliveries, attempts, the ruleset's token and clock schedules."""

    dependencies = [("trigger", "0002_lineages")]

    operations = [
        migrations.CreateModel(
            name="Occurrence",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("type", models.CharField(db_index=True, max_length=255)),
                ("source", models.CharField(max_length=255)),
                ("identifier", models.CharField(max_length=255)),
                ("subject", models.CharField(blank=True, default="", max_length=255)),
                ("time", models.DateTimeField(db_index=True)),
                ("data", models.JSONField()),
                ("recorded", models.DateTimeField(default=django.utils.timezone.now)),
                ("cause", models.CharField(blank=True, db_index=True, default="", max_length=100)),
                ("depth", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "db_table": "trigger_occurrence",
                "constraints": [
                    models.UniqueConstraint(fields=("source", "identifier"), name="trigger_occurrence_once")
                ],
            },
        ),
        migrations.RunPython(exact_names, migrations.RunPython.noop, atomic=False),
        migrations.AddField(
            "triggerevent",
            "occurrence",
            models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=models.deletion.PROTECT,
                related_name="events",
                to="trigger.occurrence",
            ),
        ),
        migrations.AddField("triggerevent", "lineage", models.UUIDField(blank=True, editable=False, null=True)),
        migrations.AddField(
            "triggerevent", "outcome", models.CharField(blank=True, default="", editable=False, max_length=20)
        ),
        migrations.AddField("triggerevent", "reason", models.TextField(blank=True, default="", editable=False)),
        migrations.AddConstraint(
            "triggerevent",
            models.UniqueConstraint(fields=("occurrence", "lineage"), name="trigger_event_once_a_lineage"),
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=models.deletion.PROTECT, related_name="deliveries", to="trigger.triggerevent"
                    ),
                ),
                ("action", models.CharField(max_length=100)),
                ("position", models.PositiveSmallIntegerField()),
                ("settings", models.JSONField(blank=True, default=dict)),
                ("priority", models.SmallIntegerField(default=0)),
                (
                    "state",
                    StateField(
                        max_length=16,
                        workflow=FrozenWorkflow(
                            name="DeliveryWorkflow",
                            initial_state="waiting",
                            states=["waiting", "running", "done", "dead", "cancelled"],
                        ),
                    ),
                ),
                ("due", models.DateTimeField(default=django.utils.timezone.now)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("max_attempts", models.PositiveIntegerField(default=detent.trigger.models.delivery.default_attempts)),
                ("epoch", models.BigIntegerField(default=0)),
                ("lease", models.DateTimeField(blank=True, null=True)),
                ("worker", models.CharField(blank=True, default="", max_length=100)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("finished", models.DateTimeField(blank=True, null=True)),
                ("error", models.TextField(blank=True, default="")),
            ],
            options={
                "verbose_name_plural": "deliveries",
                "db_table": "trigger_delivery",
                "indexes": [models.Index(fields=["state", "-priority", "due", "id"], name="trigger_delivery_claim")],
                "constraints": [models.UniqueConstraint(fields=("event", "position"), name="trigger_delivery_once")],
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "delivery",
                    models.ForeignKey(on_delete=models.deletion.CASCADE, related_name="tries", to="trigger.delivery"),
                ),
                ("number", models.PositiveIntegerField()),
                ("epoch", models.BigIntegerField()),
                ("started", models.DateTimeField()),
                ("duration", models.FloatField(blank=True, null=True)),
                ("worker", models.CharField(blank=True, default="", max_length=100)),
                ("outcome", models.CharField(max_length=20)),
                ("error", models.TextField(blank=True, default="")),
            ],
            options={"db_table": "trigger_attempt"},
        ),
        migrations.CreateModel(
            name="Ruleset",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("token", models.CharField(max_length=32)),
            ],
            options={"db_table": "trigger_ruleset"},
        ),
        migrations.CreateModel(
            name="ClockSchedule",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("lineage", models.UUIDField(unique=True)),
                (
                    "rule",
                    models.ForeignKey(on_delete=models.deletion.CASCADE, related_name="+", to="trigger.triggerrule"),
                ),
                ("due", models.DateTimeField(db_index=True)),
            ],
            options={"db_table": "trigger_clock_schedule"},
        ),
    ]
