"""Procrastinate, as its contribution to Django has it: a job is a row, written by the connection that Django has."""

import work
from django.core.management import call_command
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

TABLES = ("procrastinate_events", "procrastinate_jobs")


@app.task(name="nothing")
def nothing(number: int) -> None:
    """Do nothing."""


@app.task(name="insert")
def insert(number: int) -> None:
    """Insert a row."""
    work.insert(number)


TASKS = {work.NOTHING: nothing, work.INSERT: insert}


def prepare() -> None:
    """Make the tables."""
    call_command("migrate", run_syncdb=True, verbosity=0)


def enqueue(kind: str, number: int) -> None:
    """Defer the task."""
    TASKS[kind].defer(number=number)


def done() -> int:
    """Count what is done."""
    return ProcrastinateJob.objects.filter(status="succeeded").count()
