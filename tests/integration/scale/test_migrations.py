"""Point 74 of Scale's triggers: one migration that stands for the original's five.

That a database of the original is taken along, `tests/integration/trigger/test_legacy.py` shows on PostgreSQL.
"""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

ORIGINAL = [
    "0001_initial",
    "0002_auto_20151125_1438",
    "0003_auto_20151202_1325",
    "0004_auto_20151207_1215",
    "0005_auto_20170412_1225",
]
FIRST = ("trigger", "0001_squashed_0005")


def test_the_first_migration_replaces_the_originals() -> None:
    """Point 74: all five."""
    loader = MigrationLoader(None)
    assert loader.disk_migrations[FIRST].replaces == [("trigger", name) for name in ORIGINAL]


def test_the_first_migration_ends_in_the_originals_state() -> None:
    """Point 74: two tables with points 1 to 7 in them, and nothing else; keys are integers."""
    state = MigrationLoader(None).project_state(FIRST)
    models = {name: model for (app, name), model in state.models.items() if app == "trigger"}
    assert {name: list(model.fields) for name, model in models.items()} == {
        "triggerrule": ["id", "type", "name", "configuration", "is_active", "created", "archived", "last_modified"],
        "triggerevent": ["id", "type", "rule", "description", "occurred"],
    }
    assert {type(model.fields["id"]).__name__ for model in models.values()} == {"AutoField"}


def test_every_addition_stands_behind_it() -> None:
    """Point 74: the others depend on it, one way or another."""
    loader = MigrationLoader(None)
    ours = {key for key in loader.disk_migrations if key[0] == "trigger"} - {FIRST}
    assert ours
    assert all(FIRST in loader.graph.forwards_plan(key) for key in ours)


@pytest.mark.django_db
def test_a_database_in_which_the_five_are_recorded_takes_it_as_applied() -> None:
    """Point 74: on every database."""
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied(*FIRST)
    for name in ORIGINAL:
        recorder.record_applied("trigger", name)
    assert FIRST in MigrationLoader(connection).applied_migrations
