"""The built-in action `task`: enqueues a task of Django's or of Celery's that the project allows."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from django.utils.module_loading import import_string

from detent.settings import detent_settings
from detent.trigger.actions.registry import action
from detent.trigger.delivery.outcome import Reject, Retry

if TYPE_CHECKING:
    from detent.trigger.models import Delivery


@runtime_checkable
class DjangoTask(Protocol):
    """What `django.tasks` and its predecessor make of a function."""

    enqueue: Callable[..., object]


@runtime_checkable
class CeleryTask(Protocol):
    """What Celery makes of a function."""

    apply_async: Callable[..., object]


@action("task", atomic=False, permission="trigger.use_task_action")
def enqueue(delivery: "Delivery", *, task: str, arguments: dict[str, object] | None = None) -> None:
    """Enqueue a task, at least once; to Celery its id is the delivery's key, the same at each attempt.

    Args:
        delivery: What asks for it.
        task: The task's dotted path; one of `DETENT["TASKS"]`.
        arguments: What it is called with, by name.

    Raises:
        Reject: The task is not allowed, cannot be imported, or is no task.
        Retry: It could not be handed over, as when the broker is away.
    """
    given: dict[str, Any] = arguments or {}
    found = allowed_task(task)
    try:
        if isinstance(found, CeleryTask):
            found.apply_async(kwargs=given, task_id=delivery.key)
        else:
            found.enqueue(**given)
    except TypeError as error:
        raise Reject(f"task {task} does not take these arguments: {error}") from error
    except Exception as error:
        raise Retry(reason=f"task {task} could not be enqueued: {type(error).__name__}: {error}") from error


def allowed_task(path: str) -> DjangoTask | CeleryTask:
    """Return a task that rules may enqueue.

    Args:
        path: Its dotted path.

    Raises:
        Reject: It is not in `DETENT["TASKS"]`, cannot be imported, or is no task.
    """
    if path not in detent_settings().TASKS:
        raise Reject(f'{path} may not be enqueued by a rule; add it to DETENT["TASKS"] if it should.')
    try:
        found = import_string(path)
    except ImportError as error:
        raise Reject(f"There is no task {path}: {error}") from error
    if not isinstance(found, DjangoTask | CeleryTask):
        raise Reject(f"{path} is no task: it has neither `enqueue`, as Django's have, nor `apply_async`, as Celery's.")
    return found
