"""What a purge removed."""

from django.db import models

from detent.trigger.models import TriggerEvent


class PurgeResults(models.Model):
    """What a purge removed of what was made of one file.

    Attributes:
        trigger_event: The record that somebody asked for it.
        source_file_id: The file, by its number: the row itself stays.
        num_jobs_deleted: How many jobs went.
        num_recipes_deleted: How many recipes went.
        num_products_deleted: How many products went: the results that jobs had.
        force_stop_purge: Whether it is to stop, or was stopped, before its end.
        purge_started: When it began.
        purge_completed: When it ended; None: it goes on, was killed or was stopped.
    """

    trigger_event = models.ForeignKey(TriggerEvent, on_delete=models.PROTECT)
    source_file_id = models.BigIntegerField(db_index=True)
    num_jobs_deleted = models.PositiveIntegerField(default=0)
    num_recipes_deleted = models.PositiveIntegerField(default=0)
    num_products_deleted = models.PositiveIntegerField(default=0)
    force_stop_purge = models.BooleanField(default=False)
    purge_started = models.DateTimeField(auto_now_add=True)
    purge_completed = models.DateTimeField(blank=True, null=True)

    class Meta:
        verbose_name_plural = "purge results"

    def __str__(self) -> str:
        return f"purge of file {self.source_file_id}"
