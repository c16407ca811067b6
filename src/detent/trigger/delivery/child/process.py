"""The process for actions with a time limit, as its parent sees it."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connections

from detent.trigger.delivery.child.errors import ActionProcessDidNotStart, ActionProcessEnded, TimeLimitExceeded
from detent.trigger.models import Delivery

START_SECONDS = 60.0
"""How long Django may take to set itself up in the process."""

STOP_SECONDS = 5.0
"""How long the process may take to end itself when it has nothing to do."""


class Started(NamedTuple):
    """A process, and the connection to it."""

    process: "subprocess.Popen[bytes]"
    channel: "Connection[Any, Any]"


class ActionProcess:
    """Runs deliveries in another process, one at a time; what it wrote there, the end included, is committed there.

    The process is a new Python and no fork: a fork would inherit the sockets of database connections that are in use,
    and locks held by threads that it does not have. It is started when it is first needed and then kept, as setting
    Django up takes longer than most actions; the time limit does not count that.

    Args:
        using: The database alias.
    """

    def __init__(self, using: str) -> None:
        self._using = using
        self._started: Started | None = None

    def run(self, delivery: Delivery, seconds: float) -> None:
        """Run a claimed delivery; the process writes how it ended.

        Args:
            delivery: The row as it was claimed.
            seconds: After how long it is killed.

        Raises:
            TimeLimitExceeded: It took too long, and was killed.
            ActionProcessEnded: It took its process along.
            ActionProcessDidNotStart: There is no process to run it in.
        """
        started = self._started or self._start()
        # Only what has answered is kept for the next.
        self._started = None
        try:
            started.channel.send((delivery.pk, delivery.epoch, seconds))
            in_time = _has_answered(started.channel, seconds)
        except (EOFError, OSError):
            raise ActionProcessEnded(_kill(started)) from None
        except BaseException:
            _kill(started)
            raise
        if not in_time:
            _kill(started)
            raise TimeLimitExceeded(seconds)
        self._started = started

    def close(self) -> None:
        """End the process, if there is one."""
        if started := self._started:
            self._started = None
            with suppress(OSError, subprocess.TimeoutExpired):
                started.channel.send(None)
                started.process.wait(STOP_SECONDS)
            _kill(started)

    def _start(self) -> Started:
        here, there = Pipe()
        with there:
            started = Started(_new_python(there), here)
        # A test gives the databases other names than the settings do.
        names = {alias: str(connections[alias].settings_dict["NAME"]) for alias in connections}
        with suppress(EOFError, OSError):
            here.send((self._using, names))
            if _has_answered(here, START_SECONDS):
                return started
        raise ActionProcessDidNotStart(_kill(started))


def _has_answered(channel: "Connection[Any, Any]", seconds: float) -> bool:
    if not channel.poll(seconds):
        return False
    channel.recv()
    return True


def _kill(started: Started) -> int:
    """Kill a process with all that it has started, and return its exit status, which is its own if it has ended."""
    process, channel = started
    if process.returncode is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    channel.close()
    return process.wait()


def _new_python(channel: "Connection[Any, Any]") -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 (this Python, and a module of this package) # nosec B603
        [sys.executable, "-m", "detent.trigger.delivery.child", str(channel.fileno())],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path or str(Path.cwd()) for path in sys.path)},
        stdin=subprocess.DEVNULL,
        pass_fds=[channel.fileno()],
        # A group of its own: Ctrl-C is for the worker, and what an action starts is killed with it.
        start_new_session=True,
    )
