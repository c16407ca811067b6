"""The REST API keeps to the OpenAPI document that it gives, whatever it is sent."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.child import child_process
from tests.faces.conftest import free_port
from tests.faces.rest_project import PASSWORD, USER
from tests.waiting import wait_until

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
EXAMPLES = 10
SEED = 20261122
STARTING_SECONDS = 120


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Serve the API of a project in a process of its own, and return where."""
    port = free_port()
    environment = {"DATABASE_URL": f"sqlite:///{tmp_path / 'rest.sqlite3'}", "PYTHONPATH": "examples/pipeline"}
    with child_process("-m", "tests.faces.rest_project", port, environment=environment, quiet=True):
        wait_until(lambda: answers(port), "the project's server listens", patience=STARTING_SECONDS)
        yield f"http://127.0.0.1:{port}/triggers"


def answers(port: str) -> bool:
    """Tell whether something listens at a port of this machine."""
    try:
        socket.create_connection(("127.0.0.1", int(port))).close()
    except ConnectionRefusedError:
        return False
    return True


def test_every_operation_keeps_to_the_schema(address: str, tmp_path: Path) -> None:
    """Schemathesis finds nothing with all its checks, by data that fit and by data that do not."""
    run = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", CONFIGURATION),
            *("run", f"{address}/schema/", "--auth", f"{USER}:{PASSWORD}"),
            *("--checks", "all", "--mode", "all", "--max-examples", str(EXAMPLES), "--seed", str(SEED)),
            *("--generation-database", "none", "--no-shrink"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
