"""Measures what the command line names, or all."""

import argparse
import os
import platform
from collections.abc import Sequence
from contextlib import AbstractContextManager

import django

from benchmarks.transitions import cases, databases, table
from benchmarks.transitions.cases import Case
from benchmarks.transitions.databases import Place
from benchmarks.transitions.measurement import measure
from tests.postgres import PostgresDidNotStart

CASES = ("memory", "persisted", "bulk")


def main() -> None:
    """Measure, and print each table when it is there."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks transitions")
    parser.add_argument("--case", action="append", choices=CASES, help="what to measure; several may be given")
    parser.add_argument("--rounds", type=int, help="how often all take turns")
    parser.add_argument("--objects", type=int, default=10_000, help="how many are moved in bulk")
    parser.add_argument("--database", default=os.environ.get("DATABASE_URL", ""), help="the URL of a PostgreSQL server")
    given = parser.parse_args()
    chosen = given.case or CASES
    print(f"Python {platform.python_version()}, Django {django.__version__}")
    print(f"SQLite: {databases.SQLITE_PRAGMAS}; PostgreSQL: {databases.POSTGRESQL_SETTINGS}\n", flush=True)
    if "memory" in chosen:
        show(cases.memory(), databases.in_memory(), given.rounds)
    if on_sqlite := on_a_database("SQLite", chosen, given.objects):
        show(on_sqlite, databases.sqlite_files(), given.rounds)
    if on_postgresql := on_a_database("PostgreSQL", chosen, given.objects):
        try:
            with databases.postgresql_server(given.database) as url:
                show(on_postgresql, databases.postgresql_schemas(url), given.rounds)
        except PostgresDidNotStart as reason:
            print(f"Not measured on PostgreSQL: {reason}")


def on_a_database(vendor: str, chosen: Sequence[str], number: int) -> list[Case]:
    """Return the chosen cases of a database."""
    persisted = cases.persisted(vendor) if "persisted" in chosen else []
    return persisted + (cases.bulk(vendor, number) if "bulk" in chosen else [])


def show(measured: Sequence[Case], places: AbstractContextManager[Place], rounds: int | None) -> None:
    """Measure one case after the other and print their tables."""
    with places as place:
        for case in measured:
            print("\n".join(table.lines(case, measure(case, place, rounds))), flush=True)


if __name__ == "__main__":
    main()
