"""The how-to "How to work with several databases" keeps its word: all that it says to do is done, in its order."""

from pathlib import Path

from tests.child import ROOT
from tests.documented import Project, do, kinds_of, steps_of

HOW_TO = ROOT / "docs" / "how-to" / "several-databases.md"


def test_what_the_how_to_says_can_be_done(tmp_path: Path) -> None:
    """With two databases of SQLite."""
    project = Project(tmp_path, {"DJANGO_SETTINGS_MODULE": "mysite.settings"})
    steps = steps_of(HOW_TO)
    assert kinds_of(steps) == {"console": 4, "python": 4, "pycon": 2, "{code-block} json": 1}
    for step in steps:
        do(project, step)
