"""What the demo's tests share."""

from pathlib import Path

import pytest

from tests.integration.pipeline.demo import Demo


@pytest.fixture
def demo(tmp_path: Path) -> Demo:
    """The demo with an empty state."""
    return Demo(tmp_path / "state")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder to take in."""
    folder = tmp_path / "files"
    folder.mkdir()
    return folder
