"""One run over a folder: take its files in, and work off what the rules make of them."""

import time
from pathlib import Path

from django.contrib.auth.models import User
from django.utils import timezone

from detent.trigger.delivery.worker import Worker
from detent.trigger.models import Delivery, TriggerEvent
from detent.workflow import acting
from pipeline.batches import backfill, request_batch
from pipeline.ingest import Intake, take_in
from pipeline.models import Batch, Job, RecipeType, Run
from pipeline.progress import Progress

LONGEST_WAIT = 0.05
"""Seconds between two looks at whether something is due."""


def run_of(folder: Path) -> Run:
    """Return the run over a folder that was not finished, or a new one."""
    unfinished = Run.objects.filter(folder=folder).exclude(state="completed").last()
    if unfinished:
        return unfinished
    event = TriggerEvent.objects.create_trigger_event("USER", None, {"folder": str(folder)}, timezone.now())
    return Run.objects.create(folder=str(folder), event=event)


def carry_out(run: Run, state: Path, user: User, progress: Progress) -> Intake:
    """Bring a run to its end.

    Args:
        run: The run.
        state: The folder with the project's own state.
        user: On whose behalf objects are moved.
        progress: Where to say how far it is.

    Returns:
        What came of the folder.
    """
    with acting(user=user):
        run.ingest()
        intake = Intake()
        for intake in take_in(Path(run.folder), state):
            progress.say(f"{intake.files} files taken in")
        run.work(files=intake.files, new_files=intake.new)
        work_off(progress)
        run.complete()
    progress.end()
    return intake


def audit_tables(user: User, progress: Progress) -> Batch | None:
    """Have the tables audited that never were: no rule asks for that when they come in, so a batch makes up for it.

    Args:
        user: On whose behalf.
        progress: Where to say how far it is.

    Returns:
        The batch; None: the catalogue has no such recipe type.
    """
    recipe_type = RecipeType.objects.filter(name="table audit").first()
    if recipe_type is None:
        return None
    batch, _ = request_batch(recipe_type, {"trigger_rule": {"media_type": "text/csv"}}, user.username)
    with acting(user=user):
        backfill(batch)
        work_off(progress)
    progress.end()
    return batch


def work_off(progress: Progress) -> None:
    """Run all deliveries, those that wait for another try and those that a killed worker holds included."""
    worker = Worker()
    unfinished = Delivery.objects.filter(state__in=["waiting", "running"])
    while worker.run_once() or unfinished.exists():
        progress.say(f"{Job.objects.exclude(state='queued').count()} jobs done, {unfinished.count()} to come")
        if not unfinished.filter(due__lte=timezone.now()).exists():
            time.sleep(LONGEST_WAIT)
