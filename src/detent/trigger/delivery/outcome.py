"""How an action says that it did not do its work: try again, or never."""

from datetime import timedelta

from detent.trigger.errors import TriggerError

# Far beyond any use, and near enough for every database and for Python's years.
LONGEST_WAIT = timedelta(days=3650)


class Retry(TriggerError):
    """Try again later. Raised, an atomic action's effects are rolled back; returned, they are committed first.

    Args:
        after: How long to wait, as a timedelta or in seconds; None: exponential backoff.
        reason: Why, for who reads the delivery.

    Attributes:
        after: The wait as a timedelta, or None.
        reason: Why.

    Raises:
        ValueError: The wait is negative, or longer than ten years.
    """

    def __init__(self, after: timedelta | float | None = None, reason: str = "") -> None:
        super().__init__(reason or "The action asks to be tried again.")
        self.after = after if after is None or isinstance(after, timedelta) else timedelta(seconds=after)
        self.reason = str(self)
        if self.after is not None and not timedelta(0) <= self.after <= LONGEST_WAIT:
            raise ValueError(f"Retry cannot wait {self.after}; give a time from 0 to {LONGEST_WAIT.days} days.")


class Reject(TriggerError):
    """Trying again cannot help: the delivery is dead. Raised, effects are rolled back; returned, they are committed.

    Args:
        reason: Why, for who reads the delivery.

    Attributes:
        reason: Why.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
