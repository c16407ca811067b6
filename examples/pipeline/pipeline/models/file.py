"""A file that came in."""

from pathlib import Path

from django.db import models


class SourceFile(models.Model):
    """One content of one file; a changed file is another row.

    Attributes:
        folder: The folder that was taken in, as an absolute path.
        path: Where the file is, from the folder.
        size: In bytes.
        media_type: Such as `text/x-python`.
        data_type: The file's tags, separated by commas.
        sha256: Of the content, in hexadecimal digits.
        modified: When the content was written; None: unknown.
        taken_in: When it came in.
    """

    folder = models.TextField()
    path = models.TextField()
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    data_type = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    modified = models.DateTimeField(blank=True, null=True)
    taken_in = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["folder", "path", "sha256"], name="one_row_a_content"),
        ]

    def __str__(self) -> str:
        return self.path

    @property
    def location(self) -> Path:
        """Where the file is, as an absolute path."""
        return Path(self.folder, self.path)
