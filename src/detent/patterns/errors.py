"""The errors of the pattern language: a pattern or a document that is refused."""

from uuid import UUID

from detent.errors import DetentError


class InvalidPattern(DetentError, ValueError):
    """A pattern that the compiler refuses.

    Attributes:
        path: The path of the field at fault, joined with "."; "" for the pattern as a whole.
        reason: What is wrong there, and what would be right.
        key: The pattern's key in a set of patterns, None for a pattern on its own.
    """

    def __init__(self, path: str, reason: str, key: str | int | UUID | None = None) -> None:
        super().__init__(path, reason, key)
        self.path = path
        self.reason = reason
        self.key = key

    def __str__(self) -> str:
        subject = "pattern" if self.key is None else f"pattern {str(self.key)!r}"
        return (
            f"Invalid {subject}, at {self.path!r}: {self.reason}" if self.path else f"Invalid {subject}: {self.reason}"
        )


class InvalidDocument(DetentError, ValueError):
    """A document that no pattern can be asked about.

    Attributes:
        reason: What is wrong with it.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"Invalid document: {self.reason}"
