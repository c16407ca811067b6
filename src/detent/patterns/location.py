"""Where in a pattern the compiler is, so that what it refuses is named."""

from typing import NamedTuple

from detent.patterns.errors import InvalidPattern


class Location(NamedTuple):
    """A place in a pattern.

    Attributes:
        path: The field's path; None for the pattern as a whole.
        branch: Which branch of which `$or` it is in, in words; "" outside of any.
    """

    path: str | None = None
    branch: str = ""

    def member(self, key: str) -> "Location":
        """The place of a field below this one."""
        return Location(key if self.path is None else f"{self.path}.{key}", self.branch)

    def in_branch(self, number: int) -> "Location":
        """The same place, in a branch of a `$or`."""
        return Location(self.path, f" (in branch {number} of $or{self.branch})")

    def refusal(self, reason: str) -> InvalidPattern:
        """The error that refuses what stands here."""
        return InvalidPattern(self.path or "", reason + self.branch)
