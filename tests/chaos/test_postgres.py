"""The PostgreSQL server of a test run goes with the run, however the run ends."""

import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from tests.child import child_process

START_AND_WAIT = """
import sys
from tests.postgres import GuardedPostgres
with GuardedPostgres() as postgres:
    print(postgres.url(), flush=True)
    sys.stdin.read()
"""
PATIENCE_SECONDS = 30


def test_the_server_ends_with_a_run_that_was_killed() -> None:
    """After `kill -9` of the run, the server stops and its folder goes."""
    with child_process("-c", START_AND_WAIT) as run:
        assert run.stdout is not None
        folder = Path(parse_qs(urlsplit(run.stdout.readline()).query)["host"][0].strip())
        assert (folder / "data" / "postmaster.pid").exists()
        run.kill()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()
