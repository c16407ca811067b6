"""Batches: old files that a recipe type never processed, made up for."""

from django.db import models

from detent.trigger.models import TriggerEvent
from detent.workflow import Move, StateField, WorkflowEnabled
from pipeline.models.recipe import RecipeType
from pipeline.workflows import BatchWorkflow


class Batch(WorkflowEnabled, models.Model):
    """Old files taken through a rule, for a recipe type that never processed them.

    Attributes:
        event: The record that somebody asked for it.
        recipe_type: For which recipe type.
        definition: Through which rule, and which files; see `pipeline.batches.definition`.
        created_count: For how many files a recipe was asked for.
        failed_count: For how many that could not be done.
        position: The key of the last file that was looked at; a batch that was killed goes on after it.
        state: How far it is.
    """

    event = models.ForeignKey(TriggerEvent, on_delete=models.PROTECT)
    recipe_type = models.ForeignKey(RecipeType, on_delete=models.PROTECT)
    definition = models.JSONField(default=dict)
    created_count = models.PositiveIntegerField(default=0)
    failed_count = models.PositiveIntegerField(default=0)
    position = models.BigIntegerField(default=0)
    state = StateField(BatchWorkflow)

    begin: Move
    complete: Move

    class Meta:
        verbose_name_plural = "batches"

    def __str__(self) -> str:
        return f"batch {self.pk} of {self.recipe_type}"
