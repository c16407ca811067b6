"""What can be wrong with occurrences that come in."""

from collections.abc import Sequence

from detent.trigger.errors import TriggerError


class UnusableEvent(TriggerError, ValueError):
    """An event that came in cannot be taken for an occurrence.

    Attributes:
        at: Where in it, as the steps of a JSON pointer, such as `("data", "total")`.
        reason: What is wrong there.
        fix: What to do about it.
    """

    def __init__(self, at: Sequence[str], reason: str, fix: str) -> None:
        super().__init__(f"{'.'.join(at)}: {reason}" if at else reason)
        self.at = tuple(at)
        self.reason = reason
        self.fix = fix
