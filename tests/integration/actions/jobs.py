"""Tasks for the tests of the action `task`."""

from typing import Any

from celery import Celery
from kombu.exceptions import OperationalError

app = Celery("tests", broker="memory://", backend="cache+memory://", task_always_eager=True)
called: list[dict[str, Any]] = []


@app.task(bind=True)
def send_invoice(self: Any, *, order: int) -> None:
    """Note the call, with the id that Celery knows it by."""
    called.append({"order": order, "id": self.request.id})


class Enqueued:
    """Looks as a task of `django.tasks` does."""

    def enqueue(self, *, order: int) -> None:
        """Note the call."""
        called.append({"order": order})


class BrokerIsAway(Enqueued):
    """A task whose queue cannot be reached."""

    def enqueue(self, *, order: int) -> None:
        """Fail as Celery's library does."""
        raise OperationalError(f"no broker for order {order}")


django_task = Enqueued()
unreachable = BrokerIsAway()


def plain(order: int) -> None:
    """Be no task."""
