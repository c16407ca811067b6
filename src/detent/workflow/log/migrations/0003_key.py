"""What Detent adds for idempotent calls: the key, unique for a transition of an object."""

from django.conf import settings
from django.db import migrations, models

XWORKFLOWS_USER_MODEL = getattr(settings, "XWORKFLOWS_USER_MODEL", settings.AUTH_USER_MODEL)


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(XWORKFLOWS_USER_MODEL),
        ("xworkflow_log", "0002_details"),
    ]

    operations = [
        migrations.AddField(
            model_name="transitionlog",
            name="key",
            field=models.CharField(blank=True, default=None, max_length=100, null=True, verbose_name="key"),
        ),
        migrations.AddConstraint(
            model_name="transitionlog",
            constraint=models.UniqueConstraint(
                fields=("content_type", "object_key", "state_field", "transition", "key"),
                name="xworkflow_log_transitionlog_key",
            ),
        ),
        migrations.RemoveIndex(model_name="transitionlog", name="xworkflow_log_object"),
    ]
