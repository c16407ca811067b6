"""Work for every file: is it still what was taken in?"""

from pathlib import Path

from pipeline.work.failure import Result
from pipeline.work.taken_in import open_taken_in


def checksum(path: Path, sha256: str) -> Result:
    """Read a file again and compare.

    Args:
        path: The file.
        sha256: The SHA-256 it was taken in with, in hexadecimal.

    Returns:
        `sha256`, as verified.

    Raises:
        WorkFailed: When the file is gone, has changed or cannot be read.
    """
    with open_taken_in(path, sha256):
        return {"sha256": sha256}
