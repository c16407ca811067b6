"""Answers to requests that are to be done once."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds `detent_workflow_kept_answer`."""

    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="KeptAnswer",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("request", models.CharField(max_length=64)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("body", models.TextField(default="")),
                ("version", models.CharField(default="", max_length=64)),
                ("made", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
            ],
            options={"db_table": "detent_workflow_kept_answer", "default_permissions": ()},
        ),
    ]
