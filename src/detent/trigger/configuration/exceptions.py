"""What can be wrong with a rule; the seed's errors."""

from detent.trigger.errors import TriggerError


class InvalidTriggerRule(TriggerError, ValueError):
    """The configuration of a trigger rule is invalid.

    Attributes:
        path: Where in the configuration, such as `actions.0.input.model`; "" for the whole.
        reason: What is wrong there, and what would be right.
    """

    def __init__(self, reason: str, path: str = "") -> None:
        super().__init__(f"{path}: {reason}" if path else reason)
        self.path = path
        self.reason = reason


class InvalidTriggerType(TriggerError, ValueError):
    """There is no such type of rule, or it cannot be used here.

    Attributes:
        type: The type of the rule.
    """

    def __init__(self, message: str, type: str = "") -> None:  # noqa: A002 - it is the rule's type
        super().__init__(message)
        self.type = type
