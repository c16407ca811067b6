"""Opening a regular file, and nothing else that a path may turn out to be."""

import errno
import os
import stat
from dataclasses import dataclass
from hashlib import sha256
from io import FileIO
from pathlib import Path

CHUNK = 64 * 1024
"""How many bytes are read at a time."""


class NotRegularFileError(OSError):
    """The path leads to a folder or a special file."""


def open_regular(path: Path) -> FileIO:
    """Open a regular file for reading, unbuffered.

    A path can become something else after it was looked at: a link is not followed, and a named pipe that
    nobody writes to is not waited for.

    Args:
        path: The file.

    Returns:
        The open file, to be closed by the caller.

    Raises:
        OSError: When it cannot be opened, or is a link.
        NotRegularFileError: When it is not a regular file.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotRegularFileError(errno.EINVAL, "not a regular file")
    return FileIO(descriptor)


@dataclass(frozen=True, slots=True)
class Content:
    """What one reading of a file's bytes tells.

    Attributes:
        head: The first bytes, at most `CHUNK` of them.
        size: How many bytes there are.
        sha256: Their SHA-256, in hexadecimal.
    """

    head: bytes
    size: int
    sha256: str


def read_content(file: FileIO) -> Content:
    """Read a file from where it stands to its end, holding one chunk at a time."""
    head = chunk = file.read(CHUNK)
    digest, size = sha256(), 0
    while chunk:
        digest.update(chunk)
        size += len(chunk)
        chunk = file.read(CHUNK)
    return Content(head, size, digest.hexdigest())
