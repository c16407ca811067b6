"""Rules learn to look at more than one occurrence: events say to which window they belong, and windows can be locked."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

import detent.trigger.models.window


def exact_keys(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001
    """Let two keys differ by case on MySQL and MariaDB too, as they do everywhere else."""
    if schema_editor.connection.vendor != "mysql":
        return
    exact = "utf8mb4_nopad_bin" if getattr(schema_editor.connection, "mysql_is_mariadb", False) else "utf8mb4_0900_bin"
    for table, column, null in (("trigger_window", "key", "NOT NULL"), ("trigger_event", "window_key", "NULL")):
        schema_editor.execute(
            f"ALTER TABLE {table} MODIFY `{column}` varchar(255) CHARACTER SET utf8mb4 COLLATE {exact} {null}"
        )


class Migration(migrations.Migration):
    """Adds windows, and the key and part that an event has in one."""

    dependencies = [("trigger", "0003_occurrences_and_deliveries")]

    operations = [
        migrations.CreateModel(
            name="Window",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("lineage", models.UUIDField()),
                ("key", models.CharField(max_length=255)),
                ("due", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "trigger_window",
                "constraints": [models.UniqueConstraint(fields=("lineage", "key"), name="trigger_window_once")],
            },
        ),
        migrations.AddField(
            "triggerevent", "window_key", models.CharField(blank=True, editable=False, max_length=255, null=True)
        ),
        migrations.AddField(
            "triggerevent", "window_part", models.CharField(blank=True, default="", editable=False, max_length=4)
        ),
        migrations.RunPython(exact_keys, migrations.RunPython.noop, atomic=False),
        migrations.AddIndex(
            "triggerevent",
            detent.trigger.models.window.WindowIndex(
                fields=["outcome", "lineage", "window_key", "occurred"], name="trigger_event_window"
            ),
        ),
    ]
