"""django-tasks-db: a task is a row, in which its result is recorded."""

import work
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

try:
    from django.tasks import task
except ImportError:  # before Django 6.0
    from django_tasks import task

TABLES = (DBTaskResult._meta.db_table,)


@task()
def nothing(number: int) -> None:
    """Do nothing."""


@task()
def insert(number: int) -> None:
    """Insert a row."""
    work.insert(number)


TASKS = {work.NOTHING: nothing, work.INSERT: insert}


def prepare() -> None:
    """Make the tables."""
    call_command("migrate", run_syncdb=True, verbosity=0)


def enqueue(kind: str, number: int) -> None:
    """Enqueue the task."""
    TASKS[kind].enqueue(number)


def done() -> int:
    """Count what is done."""
    return DBTaskResult.objects.successful().count()
