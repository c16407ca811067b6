"""In what trace an occurrence was emitted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds `traceparent`; with a default in the database, so that processes of before go on while this is deployed."""

    dependencies = [("trigger", "0011_time_limit")]

    operations = [
        migrations.AddField(
            model_name="occurrence",
            name="traceparent",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=55),
        ),
    ]
