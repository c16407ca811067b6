"""What can be wrong with a rule; the seed's errors."""

from collections.abc import Callable, Iterable, Iterator

from detent.trigger.errors import TriggerError


class InvalidTriggerRule(TriggerError, ValueError):
    """The configuration of a trigger rule is invalid.

    Attributes:
        path: Where in the configuration, such as `actions.0.input.model`; "" for the whole.
        reason: What is wrong there, and what would be right.
        further: What else is wrong, as far as it was looked for.
    """

    further: tuple["InvalidTriggerRule", ...] = ()

    def __init__(self, reason: str, path: str = "") -> None:
        super().__init__(f"{path}: {reason}" if path else reason)
        self.path = path
        self.reason = reason

    @property
    def all(self) -> tuple["InvalidTriggerRule", ...]:
        """This and what else is wrong."""
        return (self, *self.further)


def raise_all(complaints: Iterable[InvalidTriggerRule]) -> None:
    """Raise the first of some complaints, which carries the others; do nothing if there is none.

    Raises:
        InvalidTriggerRule: There is one.
    """
    if found := tuple(complaints):
        found[0].further = found[1:]
        raise found[0]


def complaints_of(checks: Iterable[Callable[[], object]]) -> Iterator[InvalidTriggerRule]:
    """Run checks that do not need one another, and yield what each that fails complains of."""
    for check in checks:
        try:
            check()
        except InvalidTriggerRule as error:
            yield from error.all


class InvalidTriggerType(TriggerError, ValueError):
    """There is no such type of rule, or it cannot be used here.

    Attributes:
        type: The type of the rule.
    """

    def __init__(self, message: str, type: str = "") -> None:  # noqa: A002 - it is the rule's type
        super().__init__(message)
        self.type = type
