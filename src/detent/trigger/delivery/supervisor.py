"""Several worker processes under one that starts them, and starts again what an action has taken along."""

import logging
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess

from django.db import connections

logger = logging.getLogger("detent.worker")

LOOK_SECONDS = 0.1
"""How long a process that ended waits, at most, to be seen."""

RESTART_SECONDS = 1.0
"""How long one that died is not started again, so that what kills it at once does not keep the machine busy."""


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """Have an event that SIGTERM and SIGINT set, for the length of the block."""
    stop = threading.Event()
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def supervise(number: int, work: Callable[[threading.Event], int], stop: threading.Event) -> int:
    """Keep a number of processes working, each forked from this one, until told to stop or until all have ended.

    Call it while the process has no other thread.

    Args:
        number: How many.
        work: What each does until the event it is given is set; returns how many deliveries it ran.
        stop: Ends them.

    Returns:
        How many deliveries were run by those that ended well.
    """
    connections.close_all()
    context, parent = multiprocessing.get_context("fork"), os.getpid()
    ran = context.Value("q", 0)

    def start() -> BaseProcess:
        process = context.Process(target=_run, args=[work, parent, ran])
        process.start()
        return process

    processes = [start() for _ in range(number)]
    while processes and not stop.wait(LOOK_SECONDS):
        died = [process for process in processes if process.exitcode]
        processes = [process for process in processes if process.exitcode is None]
        if died:
            codes = ", ".join(str(process.exitcode) for process in died)
            logger.error("%d worker processes died (status %s); as many are started again.", len(died), codes)
            processes += [] if stop.wait(RESTART_SECONDS) else [start() for _ in died]
    for process in processes:
        process.terminate()
    for process in processes:
        process.join()
    return int(ran.value)


def _run(
    work: Callable[[threading.Event], int], parent: int, ran: "multiprocessing.sharedctypes.Synchronized[int]"
) -> None:
    with stopped_by_signals() as stop:
        threading.Thread(target=_stop_without, args=[parent, stop], daemon=True).start()
        done = work(stop)
    with ran.get_lock():
        ran.value += done


def _stop_without(parent: int, stop: threading.Event) -> None:
    """Stop when the parent was killed, which can tell nobody."""
    while not stop.wait(LOOK_SECONDS):
        if os.getppid() != parent:
            stop.set()
