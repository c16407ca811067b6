"""Celery on RabbitMQ, with results in the database: a message is sent after the commit, which may get lost between."""

from urllib.parse import quote, urlencode

import work
from celery import Celery
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from kombu import Queue

TABLES = ("celery_taskmeta",)
UNUSED_MILLISECONDS = 60_000


def result_backend(database: dict) -> str:
    """Return the address of Django's database as SQLAlchemy wants it."""
    user = quote(database["USER"], safe="") + (
        f":{quote(database['PASSWORD'], safe='')}" if database["PASSWORD"] else ""
    )
    options = {**database["OPTIONS"], "host": database["HOST"]}
    if database["PORT"]:
        options["port"] = database["PORT"]
    return f"db+postgresql+psycopg://{user}@/{database['NAME']}?{urlencode(options, quote_via=quote)}"


# The queue goes by itself when the run is over.
queue = Queue(settings.CONTESTANT["queue"], queue_arguments={"x-expires": UNUSED_MILLISECONDS})
app = Celery("by_celery", broker=settings.CONTESTANT["broker"], backend=result_backend(settings.DATABASES["default"]))
app.conf.update(
    task_queues=[queue],
    task_default_queue=queue.name,
    broker_connection_retry_on_startup=True,
    broker_connection_timeout=2,
    # A worker that is stopped while others are measured has none.
    broker_heartbeat=0,
    worker_enable_remote_control=False,
)


@app.task(name="nothing")
def nothing(number: int) -> None:
    """Do nothing."""


@app.task(name="insert")
def insert(number: int) -> None:
    """Insert a row."""
    work.insert(number)


TASKS = {work.NOTHING: nothing, work.INSERT: insert}


def prepare() -> None:
    """Make the tables, and see that the broker is there."""
    call_command("migrate", run_syncdb=True, verbosity=0)
    app.backend.ResultSession()
    with app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=2)


def enqueue(kind: str, number: int) -> None:
    """Have the message sent after the commit."""
    TASKS[kind].delay_on_commit(number)


def done() -> int:
    """Count what is done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM celery_taskmeta WHERE status = 'SUCCESS'")
        return cursor.fetchone()[0]
