"""The Celery app of the worker processes, and the same for the test's own process."""

import os

from celery import Celery


def make_app(broker_url: str, queue: str) -> Celery:
    """Make an app that uses one queue of a broker."""
    app = Celery("tests.services", broker=broker_url)
    app.conf.update(
        task_default_queue=queue,
        broker_connection_timeout=2,
        broker_connection_retry_on_startup=True,
        # Two workers of one name cannot both have the queue for it.
        worker_enable_remote_control=False,
    )
    return app


if "DETENT_BROKER" in os.environ:
    app = make_app(os.environ["DETENT_BROKER"], os.environ["DETENT_QUEUE"])
