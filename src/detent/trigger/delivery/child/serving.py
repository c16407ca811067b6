"""Running deliveries in a process of their own, one after the other, as the parent asks."""

import os
import signal
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread
from typing import Any

from django.db import connections

from detent.trigger.delivery.claim import load
from detent.trigger.delivery.run import run

GRACE_SECONDS = 5.0
"""How much later than the parent the kernel kills an action: it is there for when the parent was killed itself."""

Asked = tuple[int, int, float] | None
"""A delivery's key and epoch, and its time limit in seconds; None: there will be no more."""


def serve(channel: "Connection[Any, Any]") -> None:
    """Run what the parent asks for until it wants no more. Each answer says that one has ended.

    Args:
        channel: The connection to the parent, which first tells the alias and the databases' names.
    """
    # A service manager tells every process of a worker to stop; the worker then waits for what has begun.
    signal.signal(signal.SIGTERM, lambda *_: None)
    using, names = channel.recv()
    for alias, name in names.items():
        connections[alias].settings_dict["NAME"] = name
    asked: SimpleQueue[Asked] = SimpleQueue()
    Thread(target=_receive, args=[channel, asked], daemon=True).start()
    channel.send(None)
    while (delivery := asked.get()) is not None:
        _run(*delivery, using)
        channel.send(None)


def _receive(channel: "Connection[Any, Any]", asked: "SimpleQueue[Asked]") -> None:
    """Pass on what is asked for; a parent that is dead takes this process along, whatever it is doing."""
    try:
        while True:
            asked.put(channel.recv())
    except (EOFError, OSError):
        os._exit(os.EX_UNAVAILABLE)


def _run(key: int, epoch: int, seconds: float, using: str) -> None:
    signal.setitimer(signal.ITIMER_REAL, seconds + GRACE_SECONDS)
    try:
        for delivery in load(using, {key: epoch}):
            run(delivery, using)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        # The next one may be hours away: no connection grows old, or holds anything, until then.
        connections.close_all()
