"""What the jobs do: a piece of work reads a file that was taken in and returns its result, or fails with a reason."""

from collections.abc import Callable, Mapping
from pathlib import Path

from pipeline.work.checksum import checksum
from pipeline.work.document_outline import document_outline
from pipeline.work.failure import Result, WorkFailed
from pipeline.work.image import image
from pipeline.work.python_source import python_source
from pipeline.work.text import text

WORK: Mapping[str, Callable[[Path, str], Result]] = {
    "checksum": checksum,
    "document outline": document_outline,
    "image size": image,
    "python structure": python_source,
    "text statistics": text,
}
"""Every piece of work by the name of its job type; called with a file's path and the SHA-256 it was taken in with."""

__all__ = ["WORK", "Result", "WorkFailed", "checksum", "document_outline", "image", "python_source", "text"]
