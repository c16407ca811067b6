"""The walk finds the regular files below a folder, and says of everything else why not."""

import gc
import os
import shutil
import socket
from collections.abc import Iterable
from pathlib import Path

import pytest

from pipeline.intake import Finding, FoundFile, LeftOut, LeftOutReason, Problem, ProblemKind, walk


def names(findings: Iterable[Finding]) -> list[str]:
    return [finding.name for finding in findings if isinstance(finding, FoundFile)]


def left_out(folder: Path, state: Path | None = None) -> dict[str, LeftOutReason]:
    return {
        finding.path.relative_to(folder).as_posix(): finding.reason
        for finding in walk(folder, state)
        if isinstance(finding, LeftOut)
    }


def problems(findings: Iterable[Finding]) -> list[tuple[ProblemKind, Path]]:
    return [(finding.kind, finding.path) for finding in findings if isinstance(finding, Problem)]


def make_files(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("content")


class TestFound:
    def test_files_come_in_one_order_a_folders_own_first(self, tmp_path: Path) -> None:
        """A folder's own files come first, then its folders, both by name."""
        make_files(tmp_path, "b/y", "b/a/x", "z", "a/q", "m")

        assert names(walk(tmp_path)) == ["m", "z", "a/q", "b/y", "b/a/x"]

    def test_found_file_has_its_absolute_path(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A folder named relatively gives absolute paths."""
        make_files(tmp_path, "in/a.txt")
        monkeypatch.chdir(tmp_path)

        assert list(walk(Path("in"))) == [FoundFile(tmp_path.resolve() / "in/a.txt", "a.txt")]

    @pytest.mark.parametrize("name", ["two\nlines.txt", "tab\tand \x1b[31mred", "-rf", "ü" * 127, "~", "a\\b", "😀"])
    def test_any_utf8_name_is_found(self, tmp_path: Path, name: str) -> None:
        """Odd characters and the longest name are no hindrance."""
        make_files(tmp_path, name)

        assert names(walk(tmp_path)) == [name]

    def test_a_named_folder_may_be_a_link_hidden_and_a_virtual_environment(self, tmp_path: Path) -> None:
        """What would be left out below a folder is taken in when it is the folder that was named."""
        make_files(tmp_path, ".hidden/file.txt", ".hidden/pyvenv.cfg")
        (tmp_path / "link").symlink_to(".hidden")

        assert names(walk(tmp_path / "link")) == ["file.txt", "pyvenv.cfg"]

    def test_files_come_before_the_walk_has_seen_all(self, tmp_path: Path) -> None:
        """The walk is a stream: a folder that is filled after the first file was found is found full."""
        make_files(tmp_path, "first", "later/one")
        findings = walk(tmp_path)
        first = next(findings)
        make_files(tmp_path, "later/two")

        assert names([first, *findings]) == ["first", "later/one", "later/two"]

    def test_files_are_not_held_in_memory(self, tmp_path: Path) -> None:
        """Whether at the first of a thousand files or at the last, hardly an object more is alive than before."""
        for folder in range(10):
            make_files(tmp_path, *(f"folder{folder}/file{number:02}" for number in range(100)))
        gc.collect()
        before = len(gc.get_objects())
        alive = [len(gc.get_objects()) for number, _ in enumerate(walk(tmp_path)) if number % 99 == 0]

        assert max(alive) - before < 100


class TestLeftOut:
    @pytest.mark.parametrize(
        ("inside", "expected"),
        [
            (".hidden", {".hidden": LeftOutReason.HIDDEN}),
            (".git/config", {".git": LeftOutReason.HIDDEN}),
            ("env/pyvenv.cfg", {"env": LeftOutReason.VIRTUAL_ENVIRONMENT}),
            ("env/conda-meta/history", {"env": LeftOutReason.VIRTUAL_ENVIRONMENT}),
            ("src/__pycache__/a.pyc", {"src/__pycache__": LeftOutReason.CACHE}),
            (".mypy_cache/x", {".mypy_cache": LeftOutReason.CACHE}),
            ("node_modules/x/y.js", {"node_modules": LeftOutReason.CACHE}),
            ("marked/CACHEDIR.TAG", {"marked": LeftOutReason.CACHE}),
        ],
    )
    def test_hidden_things_environments_and_caches(
        self, tmp_path: Path, inside: str, expected: dict[str, LeftOutReason]
    ) -> None:
        """Each is left out as a whole and named once."""
        make_files(tmp_path, "kept.txt", inside)

        assert left_out(tmp_path) == expected
        assert names(walk(tmp_path)) == ["kept.txt"]

    def test_own_state_is_left_out_by_whatever_path_it_is_named(self, tmp_path: Path) -> None:
        """The state's folder is known by its identity, not by its path."""
        make_files(tmp_path, "data/state/db.sqlite3", "data/kept.txt")
        (tmp_path / "elsewhere").symlink_to("data/state")

        assert left_out(tmp_path / "data", state=tmp_path / "elsewhere") == {"state": LeftOutReason.OWN_STATE}

    def test_state_that_does_not_exist_yet_leaves_nothing_out(self, tmp_path: Path) -> None:
        """Before the first run there is no state."""
        make_files(tmp_path, "kept.txt")

        assert left_out(tmp_path, state=tmp_path / "none") == {}

    def test_links_to_files_folders_and_nothing_are_not_followed(self, tmp_path: Path) -> None:
        """A link is left out whatever it leads to."""
        make_files(tmp_path, "in/file.txt", "out/secret.txt")
        (tmp_path / "in/to_file").symlink_to("file.txt")
        (tmp_path / "in/to_folder").symlink_to("../out")
        (tmp_path / "in/to_nothing").symlink_to("nowhere")

        assert left_out(tmp_path / "in") == dict.fromkeys(["to_file", "to_folder", "to_nothing"], LeftOutReason.LINK)
        assert names(walk(tmp_path / "in")) == ["file.txt"]

    def test_a_loop_of_links_ends(self, tmp_path: Path) -> None:
        """A link to the folder itself, and two that lead to each other, are passed over."""
        make_files(tmp_path, "a/file.txt")
        (tmp_path / "a/self").symlink_to(".")
        (tmp_path / "a/up").symlink_to("..")
        (tmp_path / "a/ping").symlink_to("pong")
        (tmp_path / "a/pong").symlink_to("ping")

        assert names(walk(tmp_path)) == ["a/file.txt"]

    def test_special_files_are_left_out_without_being_opened(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A named pipe that nobody writes to does not make the walk wait."""
        monkeypatch.chdir(tmp_path)
        os.mkfifo("pipe")
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("socket")

        assert left_out(tmp_path) == dict.fromkeys(["pipe", "socket"], LeftOutReason.SPECIAL)


class TestProblems:
    def test_missing_folder(self, tmp_path: Path) -> None:
        """A folder that is not there is named as it was given."""
        assert problems(walk(tmp_path / "none")) == [(ProblemKind.FOLDER_MISSING, tmp_path / "none")]

    def test_missing_folder_below_a_file(self, tmp_path: Path) -> None:
        """A path through a file leads to no folder."""
        make_files(tmp_path, "file")

        assert problems(walk(tmp_path / "file/below")) == [(ProblemKind.FOLDER_MISSING, tmp_path / "file/below")]

    def test_a_file_is_not_a_folder(self, tmp_path: Path) -> None:
        """A file that is named in place of a folder is said to be none."""
        make_files(tmp_path, "file")

        assert problems(walk(tmp_path / "file")) == [(ProblemKind.NOT_A_FOLDER, tmp_path / "file")]

    def test_a_link_to_itself_cannot_be_read(self, tmp_path: Path) -> None:
        """A folder named by a link that leads nowhere but to itself is a problem, not a crash."""
        (tmp_path / "self").symlink_to("self")

        assert problems(walk(tmp_path / "self")) == [(ProblemKind.UNREADABLE, tmp_path / "self")]

    def test_folder_that_nobody_may_list(self, unprivileged: Path) -> None:
        """A folder without the right to list it gives one problem."""
        (unprivileged / "closed").mkdir(mode=0o000)

        assert problems(walk(unprivileged / "closed")) == [(ProblemKind.UNREADABLE, unprivileged / "closed")]

    def test_closed_folder_below_does_not_stop_the_walk(self, unprivileged: Path) -> None:
        """What can be read beside it is found."""
        make_files(unprivileged, "a/one", "c/two")
        (unprivileged / "b").mkdir(mode=0o000)
        found = list(walk(unprivileged))

        assert names(found) == ["a/one", "c/two"]
        assert problems(found) == [(ProblemKind.UNREADABLE, unprivileged / "b")]

    def test_folder_whose_entries_nobody_may_reach(self, unprivileged: Path) -> None:
        """With the right to list a folder but not to enter it, each entry is a problem."""
        make_files(unprivileged, "listed/one", "listed/two")
        (unprivileged / "listed").chmod(0o400)

        assert problems(walk(unprivileged)) == [
            (ProblemKind.UNREADABLE, unprivileged / "listed/one"),
            (ProblemKind.UNREADABLE, unprivileged / "listed/two"),
        ]

    @pytest.mark.parametrize("raw", [b"caf\xe9.txt", b"folder\xff/inside.txt"])
    def test_name_that_is_not_utf8(self, tmp_path: Path, raw: bytes) -> None:
        """A file or folder with such a name is one problem, and the rest is found."""
        make_files(tmp_path, os.fsdecode(raw), "kept.txt")
        found = list(walk(tmp_path))

        assert names(found) == ["kept.txt"]
        assert problems(found) == [(ProblemKind.NAME_NOT_UTF8, tmp_path / os.fsdecode(raw.split(b"/")[0]))]

    def test_named_folder_whose_own_name_is_not_utf8(self, tmp_path: Path) -> None:
        """The files below could not be named either."""
        folder = tmp_path / os.fsdecode(b"caf\xe9")
        make_files(folder, "file.txt")

        assert problems(walk(folder)) == [(ProblemKind.NAME_NOT_UTF8, folder)]

    def test_path_that_is_too_long_for_the_system(self, tmp_path: Path) -> None:
        """Folders nested beyond what a path can say are a problem where they begin to be."""
        make_files(tmp_path, "zzz.txt")
        top = nest(tmp_path, "n" * 200, 30)
        found = list(walk(tmp_path))
        shutil.rmtree(top)

        assert names(found) == ["zzz.txt"]
        assert [kind for kind, _ in problems(found)] == [ProblemKind.PATH_TOO_LONG]

    def test_folder_that_vanishes_during_the_walk(self, tmp_path: Path) -> None:
        """A folder that was seen and is gone when its turn comes is a problem."""
        make_files(tmp_path, "file", "gone/inside")
        findings = walk(tmp_path)
        next(findings)
        shutil.rmtree(tmp_path / "gone")

        assert problems(findings) == [(ProblemKind.VANISHED, tmp_path / "gone")]

    @pytest.mark.parametrize("inside", [(), (".hidden",), (".git/config", "env/pyvenv.cfg")])
    def test_nothing_to_take_in(self, tmp_path: Path, inside: tuple[str, ...]) -> None:
        """A folder that is empty, or has only what is left out, is a problem."""
        make_files(tmp_path, *inside)

        assert problems(walk(tmp_path)) == [(ProblemKind.EMPTY, tmp_path)]

    def test_own_state_is_no_folder_to_take_in(self, tmp_path: Path) -> None:
        """Taking in its own database would give new content with each run."""
        make_files(tmp_path, "db.sqlite3")

        assert problems(walk(tmp_path, state=tmp_path)) == [(ProblemKind.OWN_STATE, tmp_path)]


def nest(folder: Path, name: str, depth: int) -> Path:
    """Make folders within folders, each by its parent's descriptor: their paths get too long to be named."""
    parent = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(name, dir_fd=parent)
        child = os.open(name, os.O_RDONLY, dir_fd=parent)
        os.close(parent)
        parent = child
    os.close(parent)
    return folder / name
