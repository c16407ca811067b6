"""The how-to "Coming from django-fsm-2" keeps its word, on a project and rows made with that package and its log."""

import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.child import ROOT
from tests.documented import Project, do, kinds_of, steps_of

HOW_TO = ROOT / "docs" / "how-to" / "coming-from-django-fsm-2.md"
LEGACY = ROOT / "tests" / "legacy" / "fsm-shop"
BEFORE = re.compile(r"^```py\n# shop/models.py\n(.*?)^```", re.DOTALL | re.MULTILINE)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return the project with the database that django-fsm-2 4.2.4 and django-fsm-log 5.0.2 have left."""
    folder = tmp_path / "shop"
    shutil.copytree(LEGACY, folder)
    database = sqlite3.connect(folder / "shop.sqlite3")
    database.executescript((folder / "dump.sql").read_text())
    database.close()
    return Project(folder, {"DJANGO_SETTINGS_MODULE": "settings"})


def test_what_the_how_to_says_can_be_done(project: Project) -> None:
    """From the other package's rows and log to Detent's, without the other package."""
    steps = steps_of(HOW_TO)
    assert kinds_of(steps) == {"console": 2, "python": 3, "pycon": 1}
    for step in steps:
        do(project, step)
    assert rows_of(project, "SELECT count(*) FROM django_fsm_log_statelog") == [(9,)]
    assert rows_of(project, "SELECT DISTINCT state FROM shop_order ORDER BY 1") == [
        ("cancelled",), ("paid",), ("placed",), ("shipped",)
    ]  # fmt: skip


def test_moving_the_history_of_a_database_without_one_does_nothing(project: Project) -> None:
    """A database made anew, such as that of the project's tests, runs the same migrations."""
    for step in steps_of(HOW_TO):
        if step.text.startswith("$ python manage.py migrate"):
            (project.folder / "shop.sqlite3").unlink()
            assert "Applying shop.0003_history... OK" in project.manage("migrate")
            return
        do(project, step)
    pytest.fail("The page has no step that migrates.")


def test_the_models_before_are_those_that_made_the_rows() -> None:
    """The page shows what the dump was made with."""
    found = BEFORE.search(HOW_TO.read_text())
    assert found is not None
    assert found[1] == (LEGACY / "shop" / "models.py").read_text()


def rows_of(project: Project, statement: str) -> list[tuple[object, ...]]:
    """Return what the project's database answers."""
    database = sqlite3.connect(project.folder / "shop.sqlite3")
    try:
        return database.execute(statement).fetchall()
    finally:
        database.close()
