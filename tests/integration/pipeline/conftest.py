"""What the demo's tests share."""

import shutil
from pathlib import Path

import pytest

from tests.integration.pipeline.demo import Demo


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder whose database has its tables and no rows: to make them takes most of a small run."""
    state = tmp_path_factory.mktemp("migrated")
    assert Demo(state).run("--verbosity=0", command="migrate").returncode == 0
    return state


@pytest.fixture
def demo(tmp_path: Path, migrated: Path) -> Demo:
    """The demo with a database of its own, without rows."""
    return Demo(shutil.copytree(migrated, tmp_path / "state"))


@pytest.fixture
def first_demo(tmp_path: Path) -> Demo:
    """The demo before its first run: it makes its state."""
    return Demo(tmp_path / "first")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder to take in."""
    folder = tmp_path / "files"
    folder.mkdir()
    return folder
