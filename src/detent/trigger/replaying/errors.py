"""What a replay cannot be asked for."""

from detent.trigger.errors import TriggerError


class InvalidReplay(TriggerError, ValueError):
    """A replay is asked for something that cannot be; nothing was looked at.

    Attributes:
        name: Which argument.
        reason: What is wrong with it, or what to do instead.
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


class InvalidDrafts(TriggerError, ValueError):
    """Some of the drafts are invalid; none was tried.

    Attributes:
        complaints: What is wrong, one text for each draft that is invalid.
    """

    def __init__(self, complaints: list[str]) -> None:
        super().__init__("\n".join(complaints))
        self.complaints = complaints


class RuleNotInForce(TriggerError, LookupError):
    """A replay triggers only rules in force, and tries only drafts that it was given.

    Attributes:
        name: The name that was asked for.
        reason: Why there is no such rule.
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"No rule {name!r} can be replayed: {reason}")
        self.name = name
        self.reason = reason
