"""Measuring days: what came in, what became of jobs, and for how long they ran. It is read off the transition log."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, Min, OuterRef, QuerySet, Subquery, Sum

from detent.trigger.models import TriggerEvent
from detent.workflow.log.models import TransitionLog
from pipeline.models import DailyMetrics, Job, SourceFile

DAY = timedelta(days=1)


def measure_days(until: datetime, event: TriggerEvent) -> list[DailyMetrics]:
    """Measure the days that ended since the last one that was measured, so that a clock that stood leaves no gap.

    Args:
        until: The moment up to which days have ended.
        event: The tick that asked for it.

    Returns:
        The days, in order; the last one is measured again if it was measured before.
    """
    return [measure_day(day, event) for day in _days(until.astimezone(UTC).date() - DAY)]


def measure_day(day: date, event: TriggerEvent) -> DailyMetrics:
    """Measure a day, in UTC. Measured again, it has one row all the same, with what is known by then."""
    start = datetime.combine(day, time.min, UTC)
    entries = _job_log().filter(timestamp__gte=start, timestamp__lt=start + DAY)
    files = SourceFile.objects.filter(taken_in__gte=start, taken_in__lt=start + DAY).count()
    by_state = dict(entries.order_by().values_list("to_state").annotate(Count("pk")))
    figures = {"files": files, "jobs": by_state, "run_seconds": _run_time(entries).total_seconds()}
    metrics, _ = DailyMetrics.objects.update_or_create(
        day=day, defaults=figures, create_defaults={**figures, "event": event}
    )
    return metrics


def _days(last: date) -> Iterator[date]:
    newest = DailyMetrics.objects.aggregate(day=Max("day"))["day"]
    oldest_file = SourceFile.objects.aggregate(moment=Min("taken_in"))["moment"]
    since = newest + DAY if newest else oldest_file.astimezone(UTC).date() if oldest_file else last
    day = min(since, last)
    while day <= last:
        yield day
        day += DAY


def _job_log() -> QuerySet[TransitionLog]:
    return TransitionLog.objects.filter(content_type=ContentType.objects.get_for_model(Job))


def _run_time(entries: QuerySet[TransitionLog]) -> timedelta:
    """Add up how long the jobs that stopped running had been running; the log outlives a job that was purged."""
    own = _job_log().filter(object_key=OuterRef("object_key"), transition="start", timestamp__lte=OuterRef("timestamp"))
    began = Subquery(own.order_by("-timestamp", "-pk").values("timestamp")[:1])
    ran = ExpressionWrapper(F("timestamp") - began, output_field=DurationField())
    total: timedelta | None = entries.filter(from_state="running").aggregate(total=Sum(ran))["total"]
    return total or timedelta()
