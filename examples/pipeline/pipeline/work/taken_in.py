"""A file that was taken in earlier, opened again."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from pipeline.intake.regular_file import open_regular, read_content
from pipeline.work.failure import WorkFailed


@contextmanager
def open_taken_in(path: Path, sha256: str) -> Iterator[FileIO]:
    """Open a file after making sure that it is still the one that was taken in.

    Args:
        path: The file.
        sha256: The SHA-256 that its content had when it was taken in, in hexadecimal.

    Yields:
        The file, open at its beginning.

    Raises:
        WorkFailed: When it is gone, is another by now, or cannot be read.
    """
    try:
        with open_regular(path) as file:
            if read_content(file).sha256 != sha256:
                raise WorkFailed(path, "it has changed since it was taken in; run again to take it in anew")
            file.seek(0)
            yield file
    except FileNotFoundError as error:
        raise WorkFailed(path, "it is gone since it was taken in") from error
    except OSError as error:
        raise WorkFailed(path, f"it cannot be read: {error.strerror or error}") from error
