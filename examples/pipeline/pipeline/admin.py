"""What the admin shows of the pipeline; nothing is changed by hand but states, and those by transitions."""

from django.contrib import admin

from detent.workflow.admin import RecordAdmin, WorkflowAdmin
from pipeline.models import Batch, DailyMetrics, Job, JobType, PurgeResults, Recipe, RecipeType, Run, SourceFile


@admin.register(SourceFile)
class SourceFileAdmin(RecordAdmin):
    """Files, newest first."""

    list_display = ("path", "media_type", "data_type", "size", "taken_in")
    list_filter = ("media_type",)
    search_fields = ("path",)


@admin.register(JobType, RecipeType)
class TypeAdmin(RecordAdmin):
    """Job types or recipe types, with the newest revision of the rule that asks for each."""

    list_display = ("name", "rule_in_force", "inputs")
    list_select_related = ("trigger_rule",)


@admin.register(Job)
class JobAdmin(WorkflowAdmin, RecordAdmin):
    """Jobs by state, newest first."""

    list_display = ("__str__", "state", "reason")
    list_filter = ("state", "job_type")
    list_select_related = ("job_type", "file")


@admin.register(Recipe)
class RecipeAdmin(WorkflowAdmin, RecordAdmin):
    """Recipes by state, newest first."""

    list_display = ("__str__", "state", "batch")
    list_filter = ("state", "recipe_type")
    list_select_related = ("recipe_type", "file", "batch__recipe_type")


@admin.register(Run)
class RunAdmin(WorkflowAdmin, RecordAdmin):
    """Runs, newest first."""

    list_display = ("__str__", "state", "files", "new_files")


@admin.register(Batch)
class BatchAdmin(WorkflowAdmin, RecordAdmin):
    """Batches, newest first."""

    list_display = ("__str__", "state", "created_count", "failed_count", "definition")
    list_select_related = ("recipe_type",)


@admin.register(PurgeResults)
class PurgeResultsAdmin(RecordAdmin):
    """Purges, newest first."""

    list_display = (
        *("__str__", "num_jobs_deleted", "num_recipes_deleted", "num_products_deleted"),
        *("purge_started", "purge_completed", "force_stop_purge"),
    )


@admin.register(DailyMetrics)
class DailyMetricsAdmin(RecordAdmin):
    """Days, newest first."""

    list_display = ("day", "files", "jobs", "run_seconds")
