"""What deliveries wait for beside their due time: the one before them, a free place, an operator."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from detent.workflow import FrozenWorkflow, StateField


def exact_keys(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
    """Let two ordering keys differ by case or a trailing space on MySQL and MariaDB too, as they do everywhere else."""
    if schema_editor.connection.vendor != "mysql":
        return
    exact = "utf8mb4_nopad_bin" if getattr(schema_editor.connection, "mysql_is_mariadb", False) else "utf8mb4_0900_bin"
    schema_editor.execute(
        f"ALTER TABLE trigger_ordering_key MODIFY `key` varchar(255) CHARACTER SET utf8mb4 COLLATE {exact} NOT NULL"
    )


class Migration(migrations.Migration):
    """Adds ordering keys and lanes, and drops the index of a delivery's event, which its unique constraint has too."""

    dependencies = [
        ("trigger", "0007_replay"),
    ]

    operations = [
        migrations.CreateModel(
            name="Lane",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("lineage", models.UUIDField(unique=True)),
                (
                    "state",
                    StateField(
                        max_length=16,
                        workflow=FrozenWorkflow(
                            initial_state="flowing", name="LaneWorkflow", states=["flowing", "paused"]
                        ),
                    ),
                ),
            ],
            options={
                "db_table": "trigger_lane",
            },
        ),
        migrations.AddField(
            model_name="delivery",
            name="concurrency",
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="delivery",
            name="lineage",
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="delivery",
            name="number",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="delivery",
            name="skip_dead",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="event",
            field=models.ForeignKey(
                db_index=False, on_delete=models.deletion.PROTECT, related_name="deliveries", to="trigger.triggerevent"
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="state",
            field=StateField(
                max_length=16,
                workflow=FrozenWorkflow(
                    initial_state="waiting",
                    name="DeliveryWorkflow",
                    states=["held", "waiting", "running", "done", "dead", "cancelled"],
                ),
            ),
        ),
        migrations.CreateModel(
            name="OrderingKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("lineage", models.UUIDField()),
                ("key", models.CharField(max_length=255)),
                ("last", models.BigIntegerField(default=0)),
            ],
            options={
                "db_table": "trigger_ordering_key",
                "constraints": [models.UniqueConstraint(fields=("lineage", "key"), name="trigger_ordering_key_once")],
            },
        ),
        migrations.RunPython(exact_keys, migrations.RunPython.noop, atomic=False),
        migrations.AddField(
            model_name="delivery",
            name="ordering",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=models.deletion.PROTECT,
                related_name="deliveries",
                to="trigger.orderingkey",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("ordering__isnull", False), ("state__in", ["dead", "held", "running", "waiting"])),
                fields=["ordering", "number"],
                name="trigger_delivery_ordering",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("lineage__isnull", False), ("state__in", ["held", "running", "waiting"])),
                fields=["lineage", "state"],
                name="trigger_delivery_lane",
            ),
        ),
    ]
