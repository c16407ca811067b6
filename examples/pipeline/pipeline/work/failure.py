"""How a piece of work ends: in a result, or in a failure with a reason."""

from pathlib import Path
from typing import TypeAlias

from pipeline.intake.problem import printable

Result: TypeAlias = dict[str, str | int | float | None]
"""What a piece of work found, as JSON."""


class WorkFailed(Exception):
    """The work on one file could not be done, and why.

    Attributes:
        path: The file.
        reason: Why, in printable words that need no context but the file's name.
        line: The line of the file that is at fault, or None.
    """

    def __init__(self, path: Path, reason: str, line: int | None = None) -> None:
        super().__init__(path, reason, line)
        self.path = path
        self.reason = reason
        self.line = line

    def __str__(self) -> str:
        return f"{printable(self.path.name)}: {self.reason}"
