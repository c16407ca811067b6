"""A child process that a test starts: a process group of its own, and an end."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from tests.databases import to_url

ROOT = Path(__file__).parent.parent


@contextmanager
def child_process(
    *arguments: str | Path, environment: Mapping[str, str] | None = None, quiet: bool = False
) -> Iterator[subprocess.Popen[str]]:
    """Run this Python in a process group of its own, and kill what is left of the group in the end.

    Args:
        arguments: What stands after `python` on the command line.
        environment: Variables beside those of this process.
        quiet: Whether what it prints is thrown away, as for a child that would fill a pipe which nobody reads.

    Yields:
        The process, with standard output and error in one pipe of text, and a pipe to its standard input.
    """
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        # Unbuffered: a test waits for what the child prints.
        env={**os.environ, "PYTHONUNBUFFERED": "1", **(environment or {})},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL if quiet else subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            kill_group(process)


def kill_group(process: subprocess.Popen[str]) -> None:
    """Kill a process that leads a group, and whatever it has started in it, as `kill -9` would."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def same_database() -> dict[str, str]:
    """Return the environment in which a child process opens this test's database with the tests' settings."""
    return {
        "DATABASE_URL": to_url(connection.settings_dict),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": str(ROOT / "examples" / "pipeline"),
    }
