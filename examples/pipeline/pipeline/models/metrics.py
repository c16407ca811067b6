"""What went through the pipeline, day by day."""

from django.db import models

from detent.trigger.models import TriggerEvent


class DailyMetrics(models.Model):
    """The figures of one day, in UTC.

    Attributes:
        day: The day.
        event: The tick of the clock at which it was first measured.
        files: How many files were taken in.
        jobs: How many times jobs entered each state.
        run_seconds: How long the jobs that ended that day had been running, in seconds, all together.
    """

    day = models.DateField(unique=True)
    event = models.ForeignKey(TriggerEvent, on_delete=models.PROTECT)
    files = models.PositiveIntegerField()
    jobs = models.JSONField()
    run_seconds = models.FloatField()

    class Meta:
        verbose_name_plural = "daily metrics"

    def __str__(self) -> str:
        return f"{self.day}"
