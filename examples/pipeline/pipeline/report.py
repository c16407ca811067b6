"""What a run has to show for itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

from django.db.models import Count, QuerySet

from detent.machine.diagram import diagram
from detent.trigger.models import Delivery, TriggerEvent
from detent.workflow.log.models import TransitionLog
from pipeline.ingest import Intake
from pipeline.models import Batch, Job, Run
from pipeline.workflows import JobWorkflow


def report(run: Run, intake: Intake, batch: Batch | None, seconds: float) -> Iterator[str]:
    """Yield the lines of a report.

    Args:
        run: The run.
        intake: What came of its folder.
        batch: What was made up for after it, or None.
        seconds: How long it took.
    """
    yield from _files(run, intake)
    yield from _events(run)
    if batch:
        yield told(batch)
    yield from _jobs(run)
    yield from _history(run)
    yield f"{intake.files / seconds:.0f} files/s: {intake.files} files in {seconds:.1f} s"


def told(batch: Batch) -> str:
    """Say in a line what a batch came to."""
    return f"{str(batch).capitalize()}: {batch.created_count} old files taken, {batch.failed_count} failed"


def _files(run: Run, intake: Intake) -> Iterator[str]:
    known = intake.files - intake.new
    yield f"{intake.files} files below {run.folder}: {intake.new} new, {known} taken in before"
    if intake.left_out:
        yield "Left out: " + ", ".join(f"{count} {reason}" for reason, count in sorted(intake.left_out.items()))


def _events(run: Run) -> Iterator[str]:
    events = TriggerEvent.objects.filter(pk__gt=run.event_id, rule__isnull=False)
    by_rule = events.values_list("rule__name").annotate(Count("pk")).order_by("rule__name")
    if not by_rule:
        yield "Events by rule: none; no file is new, so nothing was created twice"
        return
    yield "Events by rule:"
    for name, count in by_rule:
        yield f"  {count:6} {name}"


def _jobs(run: Run) -> Iterator[str]:
    yield "Jobs by state:"
    for state, count in job_counts(run).items():
        yield f"  {count:6} {state}"
    for job in jobs_of(run).filter(state="failed").select_related("job_type", "file"):
        yield f"Failed: {job}: {job.reason}"


def jobs_of(run: Run) -> QuerySet[Job]:
    """Return the jobs on a folder's files, whichever run made them."""
    return Job.objects.filter(file__folder=run.folder)


def job_counts(run: Run) -> dict[str, int]:
    """Count a folder's jobs by state, in the workflow's order."""
    counts = dict(jobs_of(run).values_list("state").annotate(Count("pk")).order_by())
    return {name: counts[name] for name in JobWorkflow().state_values if name in counts}


def _history(run: Run) -> Iterator[str]:
    jobs = jobs_of(run)
    job = jobs.filter(state="failed").first() or jobs.filter(recipe__isnull=False).last() or jobs.first()
    if job:
        yield f"History of job {job.pk}, {job}:"
        logs = cast("QuerySet[TransitionLog]", job.transition_logs)
        for log in logs.order_by("timestamp", "pk"):
            who = log.user or "a worker"
            yield f"  {log.timestamp:%H:%M:%S.%f} {log.from_state} → {log.to_state} by {who}, {_cause(log)}"


def _cause(log: TransitionLog) -> str:
    key = log.cause.removeprefix("delivery:")
    delivery = Delivery.objects.select_related("event__rule").get(pk=key)
    event = delivery.event
    return f"caused by delivery {delivery.pk} of event {event.pk} ({event.type}), rule {str(event.rule)!r}"


def write_diagram(run: Run, path: Path) -> None:
    """Draw the jobs' workflow with the number of jobs in each state, as SVG."""
    path.write_text(diagram(JobWorkflow(), format="svg", counts=job_counts(run), title="Jobs"), encoding="utf-8")
