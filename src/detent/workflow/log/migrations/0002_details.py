"""What Detent adds: the state field, the key as text, context, cause; the log outlives its author."""

import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models.functions import Cast

XWORKFLOWS_USER_MODEL = getattr(settings, "XWORKFLOWS_USER_MODEL", settings.AUTH_USER_MODEL)


def write_keys_as_text(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give the rows that there are their key as text."""
    rows = apps.get_model("xworkflow_log", "TransitionLog")._base_manager.using(schema_editor.connection.alias)
    keyed = rows.filter(object_key="", content_id__isnull=False)
    keyed.update(object_key=Cast("content_id", models.CharField(max_length=255)))


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(XWORKFLOWS_USER_MODEL),
        ("xworkflow_log", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="transitionlog",
            name="object_key",
            field=models.CharField(blank=True, default="", max_length=255, verbose_name="object key"),
        ),
        migrations.AddField(
            model_name="transitionlog",
            name="state_field",
            field=models.CharField(blank=True, default="", max_length=100, verbose_name="state field"),
        ),
        migrations.AddField(
            model_name="transitionlog",
            name="context",
            field=models.JSONField(
                blank=True,
                default=dict,
                encoder=django.core.serializers.json.DjangoJSONEncoder,
                verbose_name="context",
            ),
        ),
        migrations.AddField(
            model_name="transitionlog",
            name="cause",
            field=models.CharField(blank=True, db_index=True, default="", max_length=100, verbose_name="cause"),
        ),
        migrations.AlterField(
            model_name="transitionlog",
            name="user",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to=XWORKFLOWS_USER_MODEL,
                verbose_name="author",
            ),
        ),
        migrations.AddIndex(
            model_name="transitionlog",
            index=models.Index(fields=["content_type", "object_key"], name="xworkflow_log_object"),
        ),
        migrations.RunPython(write_keys_as_text, migrations.RunPython.noop, elidable=True),
    ]
