"""Input that was not taken in, and what to do about it, in one line."""

import errno
import os
from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class ProblemKind(Enum):
    """Why something was not taken in: what is wrong, and the fix."""

    FOLDER_MISSING = ("does not exist", "name an existing folder")
    NOT_A_FOLDER = ("is not a folder", "name the folder that holds it")
    OWN_STATE = ("is where this project keeps its own state", "name a folder with files of yours")
    EMPTY = ("holds no file to take in", "put files there or name another folder")
    UNREADABLE = ("cannot be read", "give the user who runs this the right to read it, or move it elsewhere")
    VANISHED = ("vanished while it was being taken in", "put it back if it is needed, and run again")
    CHANGED = ("changed while it was being read", "run again when nothing writes to it")
    NAME_NOT_UTF8 = ("has a name that is not UTF-8", "rename it")
    PATH_TOO_LONG = ("has too long a path", "shorten a name in it or move it up")

    def __init__(self, statement: str, fix: str) -> None:
        self.statement = statement
        self.fix = fix


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that was not taken in; `str()` of it is one printable line that names the thing and the fix.

    Attributes:
        kind: What is wrong.
        path: What it is wrong with.
        detail: The operating system's own words, or "".
    """

    kind: ProblemKind
    path: Path
    detail: str = ""

    def __str__(self) -> str:
        detail = f" ({self.detail})" if self.detail else ""
        return f"{printable(self.path)} {self.kind.statement}{detail}: {self.kind.fix}."


_KIND_OF_ERROR = {
    errno.ENOENT: ProblemKind.VANISHED,
    errno.ENOTDIR: ProblemKind.VANISHED,
    errno.ENAMETOOLONG: ProblemKind.PATH_TOO_LONG,
}


def problem_of(error: OSError, path: Path) -> Problem:
    """Say in terms of intake what the operating system said of a path that was there a moment ago."""
    kind = _KIND_OF_ERROR.get(error.errno or 0, ProblemKind.UNREADABLE)
    detail = error.strerror or str(error)
    return Problem(kind, path, detail if kind is ProblemKind.UNREADABLE else "")


def has_utf8_name(path: Path) -> bool:
    """Return whether the path's name, as the file system has it, is UTF-8."""
    try:
        os.fsencode(path).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def printable(path: Path | str) -> str:
    r"""Return a path as one line of printable text; what cannot be shown stands as an escape (`\n`, `\xe9`)."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)
