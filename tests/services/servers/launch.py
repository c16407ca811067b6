"""Server programs that a test starts for itself and may kill: in a folder and process groups of their own."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

ANSWER_SECONDS = 90


class ServerDidNotStart(Exception):
    """What the server printed says why."""


@contextmanager
def folder_of_ones_own() -> Iterator[Path]:
    """Have a folder in which the programs may write, for the length of the block."""
    # Not TMPDIR, which `nobody` cannot reach.
    folder = Path(tempfile.mkdtemp(prefix="detent-", dir="/tmp"))
    try:
        if who := as_nobody():
            os.chown(folder, who["user"], who["group"])
        yield folder
    finally:
        shutil.rmtree(folder)


def as_nobody() -> dict[str, Any]:
    """Return how a process is started that has no rights of root, which some servers refuse to run with."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def free_port() -> int:
    """Return a port on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A program that listens on a port of 127.0.0.1.

    Args:
        command: The program and its arguments.
        port: Where it listens.
        folder: Where it runs, and where what it prints goes.
        environment: Its variables, beside the path.
    """

    def __init__(self, command: list[str | Path], port: int, folder: Path, environment: Mapping[str, str]) -> None:
        self._command = command
        self._port = port
        self._folder = folder
        self._output = folder / f"{Path(command[0]).name}.output"
        self._environment = {"PATH": os.defpath, "HOME": str(folder), **environment}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it listens.

        Raises:
            ServerDidNotStart: It does not.
        """
        with self._output.open("ab") as output:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                env=self._environment,
                start_new_session=True,
                **as_nobody(),
            )
        deadline = time.monotonic() + ANSWER_SECONDS
        while not self._listens():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise ServerDidNotStart(f"{self._command[0]}:\n{self._output.read_text()}")
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill it with all that it has started, as `kill -9` would."""
        if self._process:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def said(self, words: str) -> int:
        """Return how often some words are in what it has printed."""
        return self._output.read_text().count(words)

    def _listens(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
        except OSError:
            return False
        return True


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """Have a server for the length of the block."""
    try:
        server.start()
        yield server
    finally:
        server.kill()
