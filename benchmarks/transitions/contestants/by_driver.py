"""The limits on a database: the driver alone, on the tables that Detent has, with neither guard nor hook."""

import sqlite3
from collections.abc import Callable
from typing import Any

from by_django import INSERT, ONE_STATEMENT, UPDATE, Row, moving_by
from django.db import connection
from timing import Run


def two_statements() -> Run:
    """Measure the update and the insertion in a transaction."""
    row = Row()
    return moving_by(row, by_sqlite(row) if connection.vendor == "sqlite" else by_psycopg(row))


def by_sqlite(row: Row) -> Callable[[str], int]:
    """Return what moves a row by sqlite3."""
    settings = connection.settings_dict
    driver = sqlite3.connect(settings["NAME"], isolation_level=None)
    driver.executescript(settings["OPTIONS"]["init_command"])
    update_sql, insert_sql = UPDATE.replace("%s", "?"), INSERT.replace("%s", "?")

    def move(name: str) -> int:
        update, insert = row.parameters(name)
        driver.execute("BEGIN IMMEDIATE")
        updated = driver.execute(update_sql, update).rowcount
        driver.execute(insert_sql, insert)
        driver.execute("COMMIT")
        return updated

    return move


def by_psycopg(row: Row) -> Callable[[str], int]:
    """Return what moves a row by psycopg, which prepares both statements by itself after five times."""
    driver = connected()

    def move(name: str) -> int:
        update, insert = row.parameters(name)
        with driver.transaction():
            updated = driver.execute(UPDATE, update).rowcount
            driver.execute(INSERT, insert)
        return updated

    return move


def one_statement() -> Run:
    """Measure the update and the insertion in one statement of PostgreSQL's, which is its own transaction."""
    row, driver = Row(), connected()

    def move(name: str) -> int:
        update, insert = row.parameters(name)
        return driver.execute(ONE_STATEMENT, [*update, *insert]).rowcount

    return moving_by(row, move)


def connected() -> Any:
    """Return a connection of the driver's own to the database that Django has."""
    import psycopg

    settings = connection.settings_dict
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given = {name: settings[key] for name, key in names.items() if settings[key]}
    return psycopg.connect(**given, **settings["OPTIONS"], autocommit=True)
