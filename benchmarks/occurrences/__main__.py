"""Measures what it costs to take occurrences in, beside what a project writes by hand.

    python -m benchmarks.occurrences [--rounds 9] [--database postgresql://...]

On SQLite in a temporary folder, and on PostgreSQL: in a database of its own on the server that is named, or on one that
the benchmark starts and removes.
"""

import argparse
import os
import platform
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from benchmarks.transitions.databases import POSTGRESQL_SETTINGS, SQLITE_PRAGMAS, postgresql_server
from tests.databases import from_url, sqlite

ALIASES = ("default", "sqlite")


def main() -> None:
    """Measure each case on both databases and print the lines when they are there."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks occurrences")
    parser.add_argument("--rounds", type=int, default=9, help="how often ours and by hand take turns")
    parser.add_argument("--database", default=os.environ.get("DATABASE_URL", ""), help="the URL of a PostgreSQL server")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, postgresql_server(given.database) as url:
        configure(url, Path(folder) / "occurrences.sqlite3")
        # These modules need the models, which are loaded only now.
        from benchmarks.occurrences.cases import CASES
        from benchmarks.occurrences.measurement import measure
        from benchmarks.occurrences.table import HEADER, line

        print(f"Python {platform.python_version()}, Django {django.__version__}, medians of {given.rounds} rounds")
        print(f"SQLite: {SQLITE_PRAGMAS}; PostgreSQL: {POSTGRESQL_SETTINGS}\n{HEADER}", flush=True)
        with empty_databases():
            for alias in ALIASES:
                for case in CASES:
                    figures = measure(case, given.rounds, alias)
                    print(line(case, figures, connections[alias].vendor), flush=True)


def configure(url: str, path: Path) -> None:
    """Set Django up on both databases."""
    postgresql, file = from_url(url), sqlite(str(path))
    postgresql["OPTIONS"] = {**postgresql["OPTIONS"], "options": POSTGRESQL_SETTINGS}
    file["OPTIONS"]["init_command"] = SQLITE_PRAGMAS
    installed = ["contenttypes", "auth"]
    settings.configure(
        DATABASES={"default": postgresql, "sqlite": file},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=[
            *(f"django.contrib.{name}" for name in installed),
            *("detent.workflow", "detent.workflow.log", "detent.trigger", "tests.shop"),
        ],
        USE_TZ=True,
    )
    django.setup()


@contextmanager
def empty_databases() -> Iterator[None]:
    """Have the tables in both for the length of the block."""
    server: Any = connections["default"]
    old = server.settings_dict["NAME"]
    call_command("migrate", database="sqlite", run_syncdb=True, verbosity=0)
    server.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        server.creation.destroy_test_db(old, verbosity=0)


if __name__ == "__main__":
    main()
