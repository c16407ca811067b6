"""Deliveries run by the workers of a `django.tasks` backend, such as django-tasks-db.

`DETENT["DISPATCHER"]` is `detent.trigger.delivery.django_tasks.TasksDispatcher`; `manage.py detent sweep` runs beside
the backend's workers. Before Django 6.0 the tasks are those of the package django-tasks.
"""

import logging
import os
import socket
from collections.abc import Sequence
from typing import Any

from django import VERSION
from django.core.checks import CheckMessage, Error
from django.utils.module_loading import import_string

from detent.trigger.delivery.hinted import portions, run_hinted

logger = logging.getLogger("detent.delivery")

HOME = "django.tasks" if VERSION >= (6, 0) else "django_tasks"
task: Any = import_string(f"{HOME}.task")


@task()  # type: ignore[untyped-decorator]
def deliver(delivery_ids: list[int], using: str) -> None:
    """Run, of some deliveries, those that are due and that nobody holds.

    Args:
        delivery_ids: Their keys.
        using: The alias of the database that has them.
    """
    run_hinted(delivery_ids, using, worker=f"{socket.gethostname()[:70]}:{os.getpid()}")


class TasksDispatcher:
    """Hints by tasks of the default backend of `TASKS`."""

    def hint(self, delivery_ids: Sequence[int], using: str) -> None:
        """Enqueue the ids; a backend that fails is logged, and the sweeper makes up for it."""
        try:
            for ids in portions(delivery_ids):
                deliver.enqueue(ids, using)
        except Exception:
            logger.exception(
                "Django's tasks cannot be enqueued; nothing is said of %d deliveries, which the sweeper will find.",
                len(delivery_ids),
                extra={"delivery_ids": list(delivery_ids), "using": using},
            )

    def check(self) -> list[CheckMessage]:
        """Return what keeps deliveries from being run, for Django's system check."""
        backend = deliver.get_backend()
        if type(backend).__name__ not in ("ImmediateBackend", "DummyBackend"):
            return []
        said = f"The {type(backend).__name__} of TASKS has no workers that could run deliveries."
        return [Error(said, hint="Use a backend such as django_tasks_db.DatabaseBackend.", id="detent.E307")]
