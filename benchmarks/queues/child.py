"""A contestant's process, seen from the benchmark."""

import json
import os
import subprocess
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from benchmarks.queues.roster import Contestant
from benchmarks.transitions.child import CannotTakePart
from benchmarks.transitions.environment import NotInstalled, python_for

CONTESTANTS = Path(__file__).parent / "contestants"
END_SECONDS = 30


class Child:
    """A contestant that enqueues, and looks after its worker.

    Args:
        contestant: Who.
        database: Django's settings of its database.
        broker: The address of the message broker, for who needs one.

    Raises:
        CannotTakePart: Its packages cannot be installed.
    """

    def __init__(self, contestant: Contestant, database: dict[str, Any], broker: str) -> None:
        self.contestant = contestant
        self.versions: dict[str, str] = {}
        options = {
            "module": contestant.module,
            "apps": contestant.apps,
            "packages": contestant.packages.names if contestant.packages else (),
            "database": database,
            "broker": broker,
            "queue": f"detent-benchmark-{uuid4().hex}",
        }
        try:
            python = python_for(contestant.packages)
        except NotInstalled as error:
            raise CannotTakePart(f"not installed: {error}") from error
        self._process = subprocess.Popen(
            [python, str(CONTESTANTS), json.dumps(["-m", *contestant.worker])],
            env={**os.environ, "CONTESTANT": json.dumps(options), "DJANGO_SETTINGS_MODULE": "settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )

    def wait_until_ready(self) -> None:
        """Wait until its worker has run something.

        Raises:
            CannotTakePart: It gave a reason, or ended.
        """
        self.versions = self._answer()["versions"]

    def seconds(self, turn: str, kind: str, number: int) -> list[float]:
        """Have it take a turn, and return the seconds that it answers.

        Raises:
            CannotTakePart: It gave a reason, or ended.
        """
        try:
            _of(self._process.stdin).write(f"{turn} {kind} {number}\n")
        except BrokenPipeError:
            raise CannotTakePart("its process ended") from None
        seconds: list[float] = self._answer()["seconds"]
        return seconds

    def end(self) -> None:
        """End the process, and its worker with it."""
        _of(self._process.stdin).close()
        try:
            self._process.wait(END_SECONDS)
        finally:
            self._process.kill()
            _of(self._process.stdout).close()

    def _answer(self) -> dict[str, Any]:
        line = _of(self._process.stdout).readline()
        answer: dict[str, Any] = json.loads(line) if line else {"failed": "its process ended"}
        if "failed" in answer:
            raise CannotTakePart(answer["failed"])
        return answer


def _of(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe
