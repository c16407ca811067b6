"""Calls that are made at the same time."""

from collections.abc import Callable
from threading import Barrier, Thread

from django.db import DatabaseError, connection

from detent.workflow import WorkflowError


def race(*calls: Callable[[], object]) -> list[WorkflowError | DatabaseError | None]:
    """Make calls at the same time, each in a thread of its own; return what each raised, or None."""
    barrier = Barrier(len(calls))
    raised: list[WorkflowError | DatabaseError | None] = []

    def run(call: Callable[[], object]) -> None:
        try:
            barrier.wait()
            call()
            raised.append(None)
        except (WorkflowError, DatabaseError) as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised
