"""What is known of one file when it is taken in."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from pipeline.intake.data_type import data_types_of
from pipeline.intake.folder import FoundFile
from pipeline.intake.media_type import media_type_of
from pipeline.intake.problem import Problem, ProblemKind, problem_of
from pipeline.intake.regular_file import open_regular, read_content

IDENTITY_LENGTH = 255
"""How many characters an `identity` has at most."""


@dataclass(frozen=True, slots=True)
class FileDescription:
    """One file as it was when it was read.

    Attributes:
        path: Where it is, absolute.
        name: Its path relative to the folder, with "/" between the parts; up to 4,096 bytes.
        size: How many bytes it has.
        sha256: The SHA-256 of its content, in hexadecimal.
        media_type: Its media type, such as `text/x-python`.
        data_types: Its data type tags, in alphabetical order.
        modified: When its content was last written; None: at a time that no calendar has.
    """

    path: Path
    name: str
    size: int
    sha256: str
    media_type: str
    data_types: tuple[str, ...]
    modified: datetime | None = None

    @property
    def identity(self) -> str:
        """The name and the content's SHA-256 in one text, the name's SHA-256 standing for a long name."""
        identity = f"{self.name}@{self.sha256}"
        if len(identity) <= IDENTITY_LENGTH:
            return identity
        return f"{sha256(self.name.encode()).hexdigest()}@{self.sha256}"


def describe(found: FoundFile) -> FileDescription | Problem:
    """Read a file that was found, once and holding a chunk of it at a time, and say what it is.

    Args:
        found: The file, as `walk` found it.

    Returns:
        Its description; or the problem, when it cannot be read, or vanished or changed meanwhile.
    """
    try:
        with open_regular(found.path) as file:
            before = os.fstat(file.fileno())
            content = read_content(file)
            after = os.fstat(file.fileno())
    except OSError as error:
        return problem_of(error, found.path)
    if after.st_nlink < before.st_nlink and not after.st_nlink:
        return Problem(ProblemKind.VANISHED, found.path)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        return Problem(ProblemKind.CHANGED, found.path)
    media_type = media_type_of(found.name, content.head)
    data_types = data_types_of(found.name, media_type)
    modified = moment_of(after.st_mtime)
    return FileDescription(found.path, found.name, content.size, content.sha256, media_type, data_types, modified)


def moment_of(seconds: float) -> datetime | None:
    """Return the moment that is so many seconds after 1970 began, in UTC; None: the calendar does not have it."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
