"""What can go wrong on the trigger floor, beside the seed's own errors in `configuration.exceptions`."""

from detent.errors import DetentError


class TriggerError(DetentError):
    """Base of the trigger floor's errors."""


class RuleIsFixed(TriggerError):
    """A saved rule keeps its type, name and configuration; `rule.revise(configuration)` makes a new row instead.

    Attributes:
        rule_id: The key of the rule, or None where many were to be changed at once.
        fields: The names of the fields that were to be changed.
    """

    def __init__(self, rule_id: int | None, fields: tuple[str, ...]) -> None:
        which = "A saved rule" if rule_id is None else f"Rule {rule_id}"
        super().__init__(
            f"{which} keeps its {', '.join(fields)}; call rule.revise(configuration), which archives it "
            "and makes a new rule that supersedes it."
        )
        self.rule_id = rule_id
        self.fields = fields


class RuleIsArchived(TriggerError):
    """An archived rule is history: it cannot be revised, paused or put into force again.

    Attributes:
        rule_id: The key of the rule.
        successor_id: The key of the revision that superseded it, or None.
    """

    def __init__(self, rule_id: int, successor_id: int | None = None) -> None:
        instead = f"rule {successor_id} superseded it: take that one" if successor_id else "create a new rule instead"
        super().__init__(f"Rule {rule_id} is archived; {instead}.")
        self.rule_id = rule_id
        self.successor_id = successor_id


class NotInTransaction(TriggerError):
    """A row can be locked only inside a transaction.

    Attributes:
        what: What was to be done.
    """

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} locks the row, so it must be called inside transaction.atomic().")
        self.what = what


class InvalidOccurrence(TriggerError, ValueError):
    """Something cannot be taken in as an occurrence.

    Attributes:
        path: Where in it, such as `data.order.total`; "" for the whole.
        reason: What is wrong there.
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}" if path else reason)
        self.path = path
        self.reason = reason


class CausationTooDeep(TriggerError):
    """A chain of occurrences, each causing the next, is longer than `DETENT["MAX_CAUSATION_DEPTH"]`.

    Attributes:
        depth: The depth at which the occurrence would have stood.
        cause: What it was emitted in the course of, such as `delivery:17`.
    """

    def __init__(self, depth: int, cause: str) -> None:
        super().__init__(
            f"This occurrence, emitted by {cause}, would have {depth} others above it in its chain of causes, which "
            'DETENT["MAX_CAUSATION_DEPTH"] does not allow: do two rules trigger each other?'
        )
        self.depth = depth
        self.cause = cause


class UndeclaredQuery(TriggerError):
    """The condition of a rule type asks the database without having said that it would.

    Attributes:
        rule_type: The type.
    """

    def __init__(self, rule_type: str) -> None:
        super().__init__(
            f"The condition of rule type {rule_type} asks the database; set queries = True on its configuration class, "
            "so that it runs in a savepoint and cannot spoil the transaction of whoever emits."
        )
        self.rule_type = rule_type


class InvalidTriggerEvent(TriggerError, ValueError):
    """A trigger event lacks something that it must have.

    Attributes:
        field: What it lacks.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
