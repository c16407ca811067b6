"""Worker processes that are started again when they die, as a supervisor of services would."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from subprocess import Popen

from tests.child import child_process, kill_group, same_database

LOOK_SECONDS = 0.1


class Kept:
    """A process that is started again whenever it ends, until it is to end for good.

    Args:
        arguments: What stands after `python` on the command line.
        environment: Variables beside those of this process.
    """

    def __init__(self, arguments: tuple[str, ...], environment: Mapping[str, str]) -> None:
        self._arguments = arguments
        self._environment = environment
        self._ended = threading.Event()
        self._process: Popen[str] | None = None
        self._output: list[str] = []
        self._thread = threading.Thread(target=self._keep)

    def kill(self) -> None:
        """Kill it with its children, as `kill -9` would; it is started again."""
        if self._process:
            kill_group(self._process)

    def start(self) -> None:
        """Start it."""
        self._thread.start()

    def end(self) -> None:
        """End it for good, and show what it printed if the test fails."""
        self._ended.set()
        self._thread.join()
        print("".join(self._output))

    def _keep(self) -> None:
        while not self._ended.is_set():
            with child_process(*self._arguments, environment=self._environment) as process:
                self._process = process
                reader = threading.Thread(target=self._read, args=[process])
                reader.start()
                while process.poll() is None and not self._ended.wait(LOOK_SECONDS):
                    pass
                kill_group(process)
                reader.join()

    def _read(self, process: "Popen[str]") -> None:
        assert process.stdout is not None
        self._output += process.stdout


@contextmanager
def kept_running(*arguments: str, environment: Mapping[str, str]) -> Iterator[Kept]:
    """Have a process for the length of the block, on the test's database, started again whenever it ends."""
    settings = {"DJANGO_SETTINGS_MODULE": "tests.services.dispatchers.settings"}
    kept = Kept(arguments, {**same_database(), **settings, **environment})
    kept.start()
    try:
        yield kept
    finally:
        kept.end()
