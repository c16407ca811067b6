"""The how-to "Coming from Scale" keeps its word, on the rows that the original package has left."""

import re
import sqlite3
from pathlib import Path

import pytest

from tests.child import ROOT
from tests.documented import Project, do, kinds_of, steps_of

HOW_TO = ROOT / "docs" / "how-to" / "coming-from-scale.md"
DUMP = ROOT / "tests" / "legacy" / "scale.sql"
IN_SQLITE = {"serial PRIMARY KEY": "integer PRIMARY KEY AUTOINCREMENT", "jsonb": "text", "timestamptz": "datetime"}
SETTINGS = """
SECRET_KEY = "x"
USE_TZ = True
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "scale.sqlite3"}}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Return a project with the tables of the original; those are PostgreSQL's, which `test_legacy` takes over."""
    database = sqlite3.connect(tmp_path / "scale.sqlite3")
    database.executescript(in_sqlite(DUMP.read_text()))
    database.close()
    (tmp_path / "settings.py").write_text(SETTINGS)
    manage = ROOT / "tests" / "legacy" / "fsm-shop" / "manage.py"
    (tmp_path / "manage.py").write_text(manage.read_text())
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "__init__.py").touch()
    return Project(tmp_path, {"DJANGO_SETTINGS_MODULE": "settings"})


def in_sqlite(dump: str) -> str:
    """Return the dump in the words of SQLite."""
    for theirs, ours in IN_SQLITE.items():
        dump = dump.replace(theirs, ours)
    dump = re.sub(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)Z", r"\1 \2", dump)
    return re.sub(r"^CREATE INDEX .* varchar_pattern_ops\);$", "", dump, flags=re.MULTILINE)


def test_what_the_how_to_says_can_be_done(project: Project) -> None:
    """From Scale's rules and events to one that a worker has handled."""
    steps = steps_of(HOW_TO)
    assert kinds_of(steps) == {"console": 2, "python": 2, "pycon": 2}
    for step in steps:
        do(project, step)
