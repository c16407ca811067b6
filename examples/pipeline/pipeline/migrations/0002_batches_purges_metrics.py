import django.db.models.deletion
from django.db import migrations, models

import detent.workflow
import detent.workflow.enabled
import pipeline.models.triggered_type

PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("pipeline", "0001_initial"),
        ("trigger", "0003_occurrences_and_deliveries"),
    ]

    operations = [
        migrations.RenameModel(old_name="Batch", new_name="Run"),
        # The renamed table's index and constraint keep the names that those of the new Batch will have.
        migrations.AlterField(
            "Run", "event", models.ForeignKey("trigger.triggerevent", PROTECT, db_constraint=False, db_index=False)
        ),
        migrations.AlterField("Run", "event", models.ForeignKey("trigger.triggerevent", PROTECT)),
        migrations.AlterModelOptions(
            name="run",
            options={},
        ),
        migrations.AddField(
            model_name="jobtype",
            name="inputs",
            field=models.JSONField(default=pipeline.models.triggered_type.one_file),
        ),
        migrations.AddField(
            model_name="purgeresults",
            name="force_stop_purge",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="purgeresults",
            name="num_products_deleted",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="recipetype",
            name="inputs",
            field=models.JSONField(default=pipeline.models.triggered_type.one_file),
        ),
        migrations.AddField(
            model_name="sourcefile",
            name="modified",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="job",
            name="state",
            field=detent.workflow.StateField(
                max_length=16,
                workflow=detent.workflow.FrozenWorkflow(
                    initial_state="queued",
                    name="JobWorkflow",
                    states=["queued", "running", "completed", "failed", "cancelled", "purged"],
                ),
            ),
        ),
        migrations.AlterField(
            model_name="recipe",
            name="state",
            field=detent.workflow.StateField(
                max_length=16,
                workflow=detent.workflow.FrozenWorkflow(
                    initial_state="queued", name="RecipeWorkflow", states=["queued", "running", "completed", "purged"]
                ),
            ),
        ),
        migrations.AlterField(
            model_name="run",
            name="state",
            field=detent.workflow.StateField(
                max_length=16,
                workflow=detent.workflow.FrozenWorkflow(
                    initial_state="created", name="RunWorkflow", states=["created", "ingesting", "working", "completed"]
                ),
            ),
        ),
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("definition", models.JSONField(default=dict)),
                ("created_count", models.PositiveIntegerField(default=0)),
                ("failed_count", models.PositiveIntegerField(default=0)),
                ("position", models.BigIntegerField(default=0)),
                (
                    "state",
                    detent.workflow.StateField(
                        max_length=16,
                        workflow=detent.workflow.FrozenWorkflow(
                            initial_state="created", name="BatchWorkflow", states=["created", "creating", "completed"]
                        ),
                    ),
                ),
                ("event", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="trigger.triggerevent")),
                (
                    "recipe_type",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="pipeline.recipetype"),
                ),
            ],
            options={
                "verbose_name_plural": "batches",
            },
            bases=(detent.workflow.enabled.WorkflowEnabled, models.Model),
        ),
        migrations.AddField(
            model_name="recipe",
            name="batch",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to="pipeline.batch"
            ),
        ),
        migrations.CreateModel(
            name="DailyMetrics",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True)),
                ("files", models.PositiveIntegerField()),
                ("jobs", models.JSONField()),
                ("run_seconds", models.FloatField()),
                ("event", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="trigger.triggerevent")),
            ],
            options={
                "verbose_name_plural": "daily metrics",
            },
        ),
    ]
