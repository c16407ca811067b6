"""Indexes by which the admin finds how a rule fares, however many events and deliveries there are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("trigger", "0016_permissions")]

    operations = [
        migrations.AddIndex(
            model_name="triggerevent",
            index=models.Index(fields=["lineage", "outcome", "occurred"], name="trigger_event_by_rule"),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("lineage__isnull", False), ("state", "dead")),
                fields=["lineage"],
                name="trigger_delivery_dead",
            ),
        ),
    ]
