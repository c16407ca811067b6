"""A file that was found is read once and described."""

import os
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from io import FileIO
from pathlib import Path

import pytest

from pipeline.intake import FileDescription, FoundFile, Problem, ProblemKind, describe
from pipeline.intake import description as description_module
from pipeline.intake.regular_file import Content, read_content
from tests.unit.pipeline.conftest import TakeIn


def found(path: Path) -> FoundFile:
    return FoundFile(path, path.name)


def kind_of(description: FileDescription | Problem) -> ProblemKind:
    assert isinstance(description, Problem)
    return description.kind


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Let something happen after a file was opened and before it was read."""

    def register(event: Callable[[], object]) -> None:
        def interrupted(file: FileIO) -> Content:
            event()
            return read_content(file)

        monkeypatch.setattr(description_module, "read_content", interrupted)

    return register


def test_description_says_what_the_file_is(tmp_path: Path) -> None:
    """Size, checksum, media type and data types are those of the content."""
    path = tmp_path / "test_a.py"
    path.write_bytes(b"a = 1\n")
    os.utime(path, (0, 86400))

    assert describe(found(path)) == FileDescription(
        path=path,
        name="test_a.py",
        size=6,
        sha256=sha256(b"a = 1\n").hexdigest(),
        media_type="text/x-python",
        data_types=("code", "python", "test", "text"),
        modified=datetime(1970, 1, 2, tzinfo=UTC),
    )


@pytest.mark.parametrize("seconds", [1e12, -1e12, 1e20])
def test_a_time_that_no_calendar_has_is_left_open(seconds: float) -> None:
    """File systems keep times beyond the year 9999."""
    assert description_module.moment_of(seconds) is None


def test_a_large_file_is_not_held_in_memory(tmp_path: Path) -> None:
    """Thirty-two megabytes are read in less than one."""
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(32 * 1024 * 1024)
    tracemalloc.start()
    description = describe(found(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert isinstance(description, FileDescription)
    assert description.size == 32 * 1024 * 1024
    assert peak < 1024 * 1024


def test_identity_is_name_and_content(take_in: TakeIn) -> None:
    """The same name with another content, and the same content by another name, are other files."""
    identities = {take_in(*file).identity for file in [("a", b"1"), ("a", b"2"), ("b", b"1"), ("a", b"1")]}

    assert identities == {
        f"{name}@{sha256(content).hexdigest()}" for name, content in [("a", b"1"), ("a", b"2"), ("b", b"1")]
    }


def test_identity_of_a_long_name_stays_short_and_its_own(take_in: TakeIn) -> None:
    """Two long names that differ only at the end have two identities of at most 255 characters."""
    first, second = (take_in("n" * 250 + end, b"").identity for end in "ab")

    assert first != second
    assert max(len(first), len(second)) <= 255


class TestProblems:
    def test_unreadable_file(self, unprivileged: Path) -> None:
        """A file without the right to read it is a problem, with the system's reason."""
        path = unprivileged / "secret.txt"
        path.write_text("secret")
        path.chmod(0o000)

        assert describe(found(path)) == Problem(ProblemKind.UNREADABLE, path, "Permission denied")

    def test_file_that_is_gone(self, tmp_path: Path) -> None:
        """A file that was removed after it was found has vanished."""
        assert kind_of(describe(found(tmp_path / "gone"))) is ProblemKind.VANISHED

    def test_file_removed_while_being_read(
        self, tmp_path: Path, meanwhile: Callable[[Callable[[], object]], None]
    ) -> None:
        """A file that is no longer there when its last byte was read is not taken in."""
        path = tmp_path / "file"
        path.write_text("content")
        meanwhile(path.unlink)

        assert kind_of(describe(found(path))) is ProblemKind.VANISHED

    def test_file_written_to_while_being_read(
        self, tmp_path: Path, meanwhile: Callable[[Callable[[], object]], None]
    ) -> None:
        """What was read of it may be half old and half new."""
        path = tmp_path / "file"
        path.write_text("content")
        meanwhile(lambda: path.write_text("other content"))

        assert kind_of(describe(found(path))) is ProblemKind.CHANGED

    def test_file_that_became_a_named_pipe(self, tmp_path: Path) -> None:
        """Nobody writes to the pipe, and nobody waits for it."""
        os.mkfifo(tmp_path / "file")

        assert describe(found(tmp_path / "file")) == Problem(
            ProblemKind.UNREADABLE, tmp_path / "file", "not a regular file"
        )

    def test_file_that_became_a_link_is_not_followed(self, tmp_path: Path) -> None:
        """A link put in the place of a file does not lead the reader elsewhere."""
        (tmp_path / "secret").write_text("secret")
        (tmp_path / "file").symlink_to("secret")

        assert kind_of(describe(found(tmp_path / "file"))) is ProblemKind.UNREADABLE
