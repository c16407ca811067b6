"""Who pauses and resumes a rule, and when; and rules are looked up by their names."""

import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the switches of rules, and an index of their names."""

    dependencies = [
        ("trigger", "0005_clock"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex("triggerrule", models.Index(fields=["name"], name="trigger_rule_by_name")),
        migrations.CreateModel(
            name="RuleSwitch",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("is_active", models.BooleanField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=models.deletion.CASCADE, related_name="switches", to="trigger.triggerrule"
                    ),
                ),
            ],
            options={"db_table": "trigger_rule_switch", "verbose_name_plural": "rule switches"},
        ),
    ]
