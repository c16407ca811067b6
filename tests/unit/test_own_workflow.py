"""The tutorial "A workflow of your own" keeps its word: all that it says to do is done, in its order."""

from pathlib import Path

from tests.child import ROOT
from tests.documented import Project, do, kinds_of, steps_of

TUTORIAL = ROOT / "docs" / "tutorial" / "own-workflow.md"


def test_what_the_tutorial_says_can_be_done(tmp_path: Path) -> None:
    """From an empty folder to a project whose own tests pass; on SQLite, which a new project has."""
    project = Project(tmp_path, {"DJANGO_SETTINGS_MODULE": "mysite.settings"})
    steps = steps_of(TUTORIAL)
    assert kinds_of(steps) == {"console": 4, "python": 5, "pycon": 3}
    for step in steps:
        do(project, step)
