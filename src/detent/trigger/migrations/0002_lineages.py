"""Rules learn to be revised: each existing one begins a lineage of its own."""

import uuid

from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def begin_lineages(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    rules = apps.get_model("trigger", "TriggerRule").objects.using(schema_editor.connection.alias)
    batch = []
    for rule in rules.only("pk").iterator(chunk_size=1000):
        rule.uuid = rule.lineage = uuid.uuid4()
        batch.append(rule)
    rules.bulk_update(batch, ["uuid", "lineage"], batch_size=200)


class Migration(migrations.Migration):
    """Adds uuid, lineage, supersedes, author and archived_by to rules."""

    dependencies = [
        ("trigger", "0001_squashed_0005"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("triggerrule", "uuid", models.UUIDField(editable=False, null=True)),
        migrations.AddField("triggerrule", "lineage", models.UUIDField(editable=False, null=True)),
        migrations.RunPython(begin_lineages, migrations.RunPython.noop),
        migrations.AlterField("triggerrule", "uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
        migrations.AlterField("triggerrule", "lineage", models.UUIDField(db_index=True, editable=False)),
        migrations.AddField(
            "triggerrule",
            "supersedes",
            models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=models.deletion.PROTECT,
                related_name="superseded_by",
                to="trigger.triggerrule",
            ),
        ),
        migrations.AddField(
            "triggerrule",
            "author",
            models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            "triggerrule",
            "archived_by",
            models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
