"""A sample in a file, against which an operator tries a rule."""

from pathlib import Path

from django.core.management.base import CommandError

from detent.trigger.document import Document
from detent.trigger.errors import InvalidOccurrence
from detent.trigger.explanation.sample import document_of_sample
from detent.trigger.written.file import read_file


def document_in(path: Path) -> Document:
    """Read a sample.

    Args:
        path: The file, JSON or YAML.

    Raises:
        UnreadableFile: It cannot be read.
        CommandError: It is no sample; the error names the place.
    """
    try:
        return document_of_sample(read_file(path))
    except InvalidOccurrence as error:
        raise CommandError(f"{path}: {error}") from error
