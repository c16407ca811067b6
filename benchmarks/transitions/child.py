"""A contestant's process, seen from the benchmark."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from benchmarks.transitions.environment import NotInstalled, python_for
from benchmarks.transitions.roster import Contestant

CONTESTANTS = Path(__file__).parent / "contestants"


class CannotTakePart(Exception):
    """Why a contestant has no figure."""


class Child:
    """A contestant that gets ready on its own while others do, and then measures when told.

    Args:
        contestant: Who.
        function: What to call in its module, where the contestant names nothing else.
        database: Django's settings of its database; empty where there is no Django.
        clock: The function of the module `time` that it measures with.

    Raises:
        CannotTakePart: Its packages cannot be installed.
    """

    def __init__(self, contestant: Contestant, function: str, database: Mapping[str, Any], clock: str) -> None:
        self.contestant = contestant
        self.versions: dict[str, str] = {}
        names = contestant.packages.names if contestant.packages else ()
        options = {
            "packages": [*names, "django"] if database else list(names),
            "apps": contestant.apps,
            "database": database,
            "clock": clock,
            "arguments": dict(contestant.arguments),
        }
        try:
            python = python_for(contestant.packages)
        except NotInstalled as error:
            raise CannotTakePart(f"not installed: {error}") from error
        command = [python, str(CONTESTANTS), contestant.module, contestant.function or function, json.dumps(options)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def wait_until_ready(self) -> None:
        """Wait for the contestant's first word.

        Raises:
            CannotTakePart: It gave a reason, or ended.
        """
        ready: dict[str, Any] = json.loads(self._answer())
        if "failed" in ready:
            raise CannotTakePart(ready["failed"])
        self.versions = ready["versions"]

    def measure(self, number: int) -> int:
        """Have so many operations performed, and return their nanoseconds or bytes.

        Raises:
            CannotTakePart: It ended; its last words are on standard error.
        """
        try:
            _of(self._process.stdin).write(f"{number}\n")
        except BrokenPipeError:
            raise CannotTakePart("its process ended") from None
        return int(self._answer())

    def end(self) -> None:
        """End the process and wait for it."""
        _of(self._process.stdin).close()
        self._process.wait()
        _of(self._process.stdout).close()

    def _answer(self) -> str:
        line = _of(self._process.stdout).readline()
        if not line:
            raise CannotTakePart("its process ended")
        return line


def _of(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe
