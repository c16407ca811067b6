"""How a job is made and run."""

from datetime import timedelta
from functools import cache
from typing import Any

from detent.trigger import Retry
from detent.trigger.models import Delivery
from pipeline.models import Job, JobType, Recipe, SourceFile
from pipeline.work import WORK, WorkFailed

PAUSE = timedelta(milliseconds=200)
"""Before a failed job is tried again."""

AHEAD = 100
"""How many files are read at a time."""


@cache
def type_named(name: str) -> JobType:
    """Return a job type; there are a few, of which every job asks for one."""
    return JobType.objects.get(name=name)


class ReadAhead:
    """Files by number, read many at a time: jobs ask for them in about the order in which they came in.

    A file's row never changes, so what was read stays true.
    """

    def __init__(self) -> None:
        self._read: dict[int, SourceFile] = {}

    def __getitem__(self, number: int) -> SourceFile:
        """Return a file.

        Raises:
            KeyError: There is none with this number.
        """
        if number not in self._read:
            self._read = SourceFile.objects.in_bulk(range(number, number + AHEAD))
        return self._read[number]


files = ReadAhead()


def job_of(delivery: Delivery, job_type: str, file: int, recipe: Recipe | None = None) -> Job:
    """Return the job that an event asked for: at its first claim a new one, which its first transition inserts."""
    wanted: dict[str, Any] = {"event": delivery.event, "job_type": type_named(job_type)}
    job = None
    if delivery.epoch > 1:
        job = Job.objects.select_related("file", "job_type", "recipe").filter(**wanted).first()
    return job or Job(**wanted, file=files[file], recipe=recipe)


def run(job: Job) -> Retry | None:
    """Move a job from its queue to its end.

    Returns:
        None if the work was done; if it failed, when to try again. The job keeps the reason, which is why this is
        returned, not raised: an exception would take the job's own rows back with it.
    """
    if job.state.is_failed:
        job.retry()
    context = {"recipe": job.recipe_id, "step": job.job_type.name} if job.recipe_id else {}
    job.start()
    try:
        result = WORK[job.job_type.name](job.file.location, job.file.sha256)
    except WorkFailed as failure:
        job.fail.options(context=context)(str(failure))
        return Retry(after=PAUSE, reason=str(failure))
    job.complete.options(context=context)(result)
    return None
