"""The demo as a child process, with a state folder of its own."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.child import ROOT

MANAGE = ROOT / "examples" / "pipeline" / "manage.py"
SAMPLES = ROOT / "examples" / "pipeline" / "samples"
SECONDS = 120


class Demo:
    """The demo on one state folder.

    Args:
        state: The folder; made by the first run.
    """

    def __init__(self, state: Path) -> None:
        self.state = state
        self.database = state / "pipeline.sqlite3"
        self.environment = {"PIPELINE_STATE": str(state), "DJANGO_SETTINGS_MODULE": "pipeline.settings"}

    def run(self, *arguments: str | Path, command: str = "demo") -> subprocess.CompletedProcess[str]:
        """Run a command to its end; output and errors come as one text."""
        return subprocess.run(
            [sys.executable, MANAGE, command, *arguments],
            env={**os.environ, **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the demo's database."""
        with closing(sqlite3.connect(self.database, timeout=20)) as connection:
            return connection.execute(query).fetchall()

    def jobs(self) -> list[tuple[Any, ...]]:
        """Return file, job type and state of every job, in an order that does not depend on when it ran."""
        return self.rows(
            "SELECT file.path, type.name, job.state FROM pipeline_job job JOIN pipeline_sourcefile file "
            "ON file.id = job.file_id JOIN pipeline_jobtype type ON type.id = job.job_type_id ORDER BY 1, 2, 3"
        )
