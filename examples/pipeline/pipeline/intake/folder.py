"""The files below a folder, as a stream."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from pipeline.intake.problem import Problem, ProblemKind, has_utf8_name, problem_of


class LeftOutReason(StrEnum):
    """Why something below the folder was passed over on purpose."""

    HIDDEN = "hidden"
    VIRTUAL_ENVIRONMENT = "virtual environment"
    CACHE = "cache"
    OWN_STATE = "own state"
    LINK = "link"
    SPECIAL = "special file"


CACHE_NAMES = frozenset(
    ("__pycache__", "node_modules", ".cache", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".tox")
)
"""Folders that are caches by their name."""

MARKERS = {
    "pyvenv.cfg": LeftOutReason.VIRTUAL_ENVIRONMENT,
    "conda-meta": LeftOutReason.VIRTUAL_ENVIRONMENT,
    "CACHEDIR.TAG": LeftOutReason.CACHE,
}
"""Names that say what the folder is in which they lie."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A regular file to take in.

    Attributes:
        path: Where it is, absolute.
        name: Its path relative to the folder, with "/" between the parts.
    """

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file passed over on purpose, or a folder with all that is in it.

    Attributes:
        path: Where it is, absolute.
        reason: Why.
    """

    path: Path
    reason: LeftOutReason


Finding: TypeAlias = FoundFile | LeftOut | Problem


def walk(folder: Path, state: Path | None = None) -> Iterator[Finding]:
    """Find the regular files below a folder, always in the same order: a folder's own files, then its folders, by name.

    Links are left out, to files too: what a link leads to is either below the folder anyway, and would be taken
    in twice, or it is outside and was not asked for. So a loop of links ends. What the folder itself is called,
    or is marked as, does not matter: it was named on purpose.

    Held in memory are the names in one folder and the folders still to be looked into, not the files.

    Args:
        folder: Where to begin; may itself be a link.
        state: The folder in which this project keeps its own state, to be left out.

    Yields:
        Each file found, each thing left out, each problem. No problem ends the walk but one with `folder` itself.
    """
    root = _root_of(folder, state)
    if isinstance(root, Problem):
        yield root
        return
    nothing = True
    for finding in _Walk(root, state).findings():
        nothing = nothing and isinstance(finding, LeftOut)
        yield finding
    if nothing:
        yield Problem(ProblemKind.EMPTY, root)


def _root_of(folder: Path, state: Path | None) -> Path | Problem:
    try:
        status = folder.stat()
        root = folder.resolve()
    except (FileNotFoundError, NotADirectoryError):
        return Problem(ProblemKind.FOLDER_MISSING, folder)
    except OSError as error:
        return problem_of(error, folder)
    if not stat.S_ISDIR(status.st_mode):
        return Problem(ProblemKind.NOT_A_FOLDER, root)
    if not has_utf8_name(root):
        return Problem(ProblemKind.NAME_NOT_UTF8, root)
    if _identity(status) == _identity_of(state):
        return Problem(ProblemKind.OWN_STATE, root)
    return root


class _Walk:
    """One walk; `state` is compared by identity, since it may be named by another path than the walk's."""

    def __init__(self, root: Path, state: Path | None) -> None:
        self.root = root
        self.state = _identity_of(state)
        self.pending = [root]

    def findings(self) -> Iterator[Finding]:
        while self.pending:
            yield from self.look_into(self.pending.pop())

    def look_into(self, folder: Path) -> Iterator[Finding]:
        try:
            names = sorted(os.listdir(folder))  # noqa: PTH208 - names are a fraction of the size of paths
        except OSError as error:
            yield problem_of(error, folder)
            return
        reason = next((MARKERS[name] for name in names if name in MARKERS), None)
        if reason and folder != self.root:
            yield LeftOut(folder, reason)
            return
        folders = []
        for name in names:
            found = self.look_at(folder / name)
            if isinstance(found, Path):
                folders.append(found)
            else:
                yield found
        self.pending.extend(reversed(folders))

    def look_at(self, path: Path) -> Finding | Path:
        """Return what stands at a path; a path is a folder to look into."""
        try:
            status = path.lstat()
        except OSError as error:
            return problem_of(error, path)
        if reason := self.reason_to_leave_out(path.name, status):
            return LeftOut(path, reason)
        if not has_utf8_name(path):
            return Problem(ProblemKind.NAME_NOT_UTF8, path)
        if stat.S_ISDIR(status.st_mode):
            return path
        return FoundFile(path, path.relative_to(self.root).as_posix())

    def reason_to_leave_out(self, name: str, status: os.stat_result) -> LeftOutReason | None:
        is_folder = stat.S_ISDIR(status.st_mode)
        if is_folder and _identity(status) == self.state:
            return LeftOutReason.OWN_STATE
        if is_folder and name in CACHE_NAMES:
            return LeftOutReason.CACHE
        if name.startswith("."):
            return LeftOutReason.HIDDEN
        if stat.S_ISLNK(status.st_mode):
            return LeftOutReason.LINK
        if not is_folder and not stat.S_ISREG(status.st_mode):
            return LeftOutReason.SPECIAL
        return None


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _identity_of(folder: Path | None) -> tuple[int, int] | None:
    return _identity(folder.stat()) if folder and folder.is_dir() else None
