"""Folders and files to take in."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from pipeline.intake import FileDescription, FoundFile, describe

NOBODY = 65534

TakeIn = Callable[[str, bytes], FileDescription]


@pytest.fixture
def take_in(tmp_path: Path) -> TakeIn:
    """Write a file and return its description."""

    def written(name: str, content: bytes) -> FileDescription:
        path = tmp_path / name
        path.write_bytes(content)
        description = describe(FoundFile(path, name))
        assert isinstance(description, FileDescription)
        return description

    return written


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder of an ordinary user, as whom the test runs even if root started it: root may read everything."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        if os.geteuid() != 0:
            yield folder
            return
        os.chown(folder, NOBODY, NOBODY)
        os.seteuid(NOBODY)
        try:
            yield folder
        finally:
            os.seteuid(0)
