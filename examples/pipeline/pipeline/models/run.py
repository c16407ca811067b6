"""Runs over a folder."""

from django.db import models

from detent.trigger.models import TriggerEvent
from detent.workflow import Move, StateField, WorkflowEnabled, transition
from pipeline.workflows import RunWorkflow


class Run(WorkflowEnabled, models.Model):
    """One run over one folder.

    Attributes:
        event: The record that somebody asked for it.
        folder: The folder, as an absolute path.
        files: How many files were found.
        new_files: How many of them had not been taken in before.
        state: How far it is.
    """

    event = models.ForeignKey(TriggerEvent, on_delete=models.PROTECT)
    folder = models.TextField()
    files = models.PositiveIntegerField(default=0)
    new_files = models.PositiveIntegerField(default=0)
    state = StateField(RunWorkflow)

    ingest: Move
    complete: Move

    def __str__(self) -> str:
        return f"run {self.pk} over {self.folder}"

    @transition()
    def work(self, files: int, new_files: int) -> None:
        """Keep what was found."""
        self.files = files
        self.new_files = new_files
