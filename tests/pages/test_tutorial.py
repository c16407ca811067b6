"""The tutorial, and the how-tos that go on with its project, keep their word: all that they say to do is done."""

from pathlib import Path

import pytest

from tests.child import ROOT
from tests.documented import Project, do, kinds_of, steps_of

DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return the project to which the tutorial leads, on SQLite, which a new project has."""
    project = Project(tmp_path_factory.mktemp("shop"), {"DJANGO_SETTINGS_MODULE": "mysite.settings"})
    follow(project, DOCS / "tutorial" / "from-an-empty-project.md")
    return project


def follow(project: Project, page: Path) -> None:
    """Do what a page says, in its order."""
    for step in steps_of(page):
        do(project, step)


def test_the_tutorial_leads_from_an_empty_folder_to_rules_that_move_objects(shop: Project) -> None:
    """None of its blocks is passed over: there are as many as it says to write, run and type."""
    blocks = kinds_of(steps_of(DOCS / "tutorial" / "from-an-empty-project.md"))
    assert blocks == {"console": 8, "python": 3, "pycon": 7, "{code-block} json": 2}
    assert "waiting           0" in shop.manage("detent", "status")


@pytest.mark.parametrize(
    ("page", "blocks"),
    [
        ("views", {"console": 1, "python": 3, "pycon": 1}),
        ("testing", {"console": 1, "python": 5}),
        ("actions", {"console": 1, "python": 1, "pycon": 3}),
    ],
)
def test_what_a_how_to_says_can_be_done_after_the_tutorial(shop: Project, page: str, blocks: dict[str, int]) -> None:
    """In any order: each writes its own files, and what it looks at is its own."""
    path = DOCS / "how-to" / f"{page}.md"
    assert kinds_of(steps_of(path)) == blocks
    follow(shop, path)
