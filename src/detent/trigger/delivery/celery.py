"""Deliveries run by Celery's workers: a message carries ids, and the worker claims the rows by the database.

`DETENT["DISPATCHER"]` is `detent.trigger.delivery.celery.CeleryDispatcher`; the workers are the project's own, and
`manage.py detent sweep` runs beside them.
"""

import logging
import os
from collections.abc import Sequence
from time import monotonic
from typing import Any

from celery import current_app, shared_task
from django.core.checks import CheckMessage

from detent.trigger.delivery.celery_checks import faults
from detent.trigger.delivery.hinted import portions, run_hinted

logger = logging.getLogger("detent.delivery")

AWAY_SECONDS = 5.0
"""A broker that could not be reached is left alone so long: the sweeper makes up for what is not said meanwhile."""

ONCE_MORE = {"max_retries": 1, "interval_start": 0, "interval_max": 0}
"""A pooled connection that the broker has closed meanwhile fails once."""


# Acknowledged at once: the row is what remembers, and a broker ends the channel of who holds a message for long.
@shared_task(name="detent.deliver", bind=True, serializer="json", ignore_result=True, acks_late=False)  # type: ignore[untyped-decorator]
def deliver(self: Any, delivery_ids: list[int], using: str) -> None:
    """Run, of some deliveries, those that are due and that nobody holds.

    Args:
        self: The task.
        delivery_ids: Their keys.
        using: The alias of the database that has them.
    """
    run_hinted(delivery_ids, using, worker=f"{self.request.hostname or 'celery'}:{os.getpid()}")


class CeleryDispatcher:
    """Hints by messages to the current Celery app's broker, under the task name `detent.deliver`."""

    def __init__(self) -> None:
        self._away_until = 0.0

    def hint(self, delivery_ids: Sequence[int], using: str) -> None:
        """Send the ids; a broker that is away is logged and costs whoever commits no more than one try at it."""
        if monotonic() < self._away_until:
            return
        try:
            for ids in portions(delivery_ids):
                deliver.apply_async(args=[ids, using], retry_policy=ONCE_MORE)
        except Exception:
            self._away_until = monotonic() + AWAY_SECONDS
            logger.exception(
                "Celery's broker cannot be reached; nothing is said of %d deliveries, which the sweeper will find.",
                len(delivery_ids),
                extra={"delivery_ids": list(delivery_ids), "using": using},
            )

    def check(self) -> list[CheckMessage]:
        """Return what in Celery's configuration keeps deliveries from being run, for Django's system check."""
        return faults(current_app, deliver)
