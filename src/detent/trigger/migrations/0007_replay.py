"""Occurrences keep the transition in the course of which they were emitted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the transition to occurrences."""

    dependencies = [("trigger", "0006_rule_life")]

    operations = [
        migrations.AddField("occurrence", "transition", models.JSONField(blank=True, editable=False, null=True)),
    ]
