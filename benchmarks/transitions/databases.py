"""Where the contestants keep their rows: each has a SQLite file, or a PostgreSQL schema, of its own."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.databases import from_url, sqlite
from tests.postgres import GuardedPostgres

Place = Callable[[], dict[str, Any]]
"""Returns Django's settings of an empty database, of another one each time."""

# Durable against a crash of the process, not of the machine: the code is measured, not the disk.
SQLITE_PRAGMAS = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL"
POSTGRESQL_SETTINGS = "-c synchronous_commit=off"


@contextmanager
def in_memory() -> Iterator[Place]:
    """Give each contestant's Django an empty database, which nobody asks."""
    yield lambda: sqlite(":memory:")


@contextmanager
def sqlite_files() -> Iterator[Place]:
    """Give each contestant a file in a folder that goes with the block."""
    with tempfile.TemporaryDirectory() as folder:
        numbers = count()

        def place() -> dict[str, Any]:
            database = sqlite(str(Path(folder) / f"{next(numbers)}.sqlite3"))
            database["OPTIONS"]["init_command"] = SQLITE_PRAGMAS
            return database

        yield place


@contextmanager
def postgresql_server(url: str) -> Iterator[str]:
    """Give the URL of a PostgreSQL server: the one named, or else one that is there for the length of the block.

    Raises:
        PostgresDidNotStart: The one for the block did not.
    """
    if url.startswith("postgresql:"):
        yield url
    else:
        with GuardedPostgres() as server:
            yield server.url()


@contextmanager
def postgresql_schemas(url: str) -> Iterator[Place]:
    """Give each contestant a schema in a database that goes with the block.

    Args:
        url: A database of the server; the one to measure in is made beside it.
    """
    # As Django's test runner does, make it from the database that every server has.
    server = {**from_url(url), "NAME": "postgres"}
    scratch = f"detent_benchmark_{os.getpid()}"

    numbers = count()

    def place() -> dict[str, Any]:
        name = f"contestant_{next(numbers)}"
        with _connection({**server, "NAME": scratch}) as connection:
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
        options = {**server["OPTIONS"], "options": f"-c search_path={name} {POSTGRESQL_SETTINGS}"}
        return {**server, "NAME": scratch, "OPTIONS": options}

    with _connection(server) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(scratch)))
        try:
            yield place
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(scratch)))


def _connection(database: dict[str, Any]) -> psycopg.Connection[Any]:
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given = {name: database[key] for name, key in names.items() if database[key]}
    return psycopg.connect(**given, **database["OPTIONS"], autocommit=True)
