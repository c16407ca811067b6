"""What is wrong with a Celery configuration by which deliveries are to be run."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Caution

HINT = "See the how-to on Celery."


def faults(app: Any, task: Any) -> list[CheckMessage]:
    """List what keeps deliveries from being run, or makes them cost more than they must.

    Args:
        app: The current Celery app.
        task: The task that hints are sent to.

    Returns:
        A message of Django's system checks for each.
    """
    return [*_of_the_app(app, task), *_of_the_task(task)]


def _of_the_app(app: Any, task: Any) -> Iterator[CheckMessage]:
    configuration = app.conf
    if not (configuration.broker_url or configuration.broker_write_url):
        yield Error(
            "Celery has no broker_url, so hints would go to a RabbitMQ on this machine.",
            hint="Set it, and import the project's Celery app in the project's __init__.",
            id="detent.E303",
        )
    if task.name not in app.tasks:
        yield Error(f"The Celery app {app.main!r} does not have the task {task.name}.", hint=HINT, id="detent.E304")
    if configuration.task_always_eager:
        yield Error(
            "With task_always_eager deliveries run inside the request that has just committed, or not at all.",
            hint="Leave it off, and call detent.testing.deliver_all() in tests.",
            id="detent.E305",
        )
    if not {"json", "application/json"} & set(configuration.accept_content):
        yield Error("Celery's accept_content lacks json, in which hints are written.", hint=HINT, id="detent.E306")
    if configuration.worker_prefetch_multiplier == 0:
        yield Caution(
            "With worker_prefetch_multiplier = 0 one worker takes all hints, and the others wait for the sweeper.",
            hint="Set it to 1, or leave it at Celery's default.",
            id="detent.W303",
        )


def _of_the_task(task: Any) -> Iterator[CheckMessage]:
    if not task.ignore_result:
        yield Caution(
            f"The results of {task.name} are stored; there is nothing in them, and nobody reads them.",
            hint=f"Take ignore_result of {task.name} out of task_annotations.",
            id="detent.W304",
        )
    if task.acks_late:
        yield Caution(
            f"{task.name} is acknowledged late, which wins nothing: the row, not the message, is what is kept. "
            "A message held for the length of an action is one that RabbitMQ may end the channel for.",
            hint=f"Take acks_late of {task.name} out of task_annotations.",
            id="detent.W305",
        )
