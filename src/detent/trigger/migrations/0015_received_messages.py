"""Signed messages that came in."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds `trigger_received_message`."""

    dependencies = [("trigger", "0014_lineages_of_deliveries")]

    operations = [
        migrations.CreateModel(
            name="ReceivedMessage",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("timestamp", models.BigIntegerField()),
                ("received", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
            ],
            options={"db_table": "trigger_received_message", "default_permissions": ()},
        ),
    ]
