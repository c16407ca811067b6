"""What the log tells of one object, as its page shows it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from detent.workflow.enabled import state_fields
from detent.workflow.logs import BaseTransitionLog

MOST = 200


@dataclass(frozen=True, slots=True)
class Entry:
    """A transition that an object took.

    Attributes:
        when: When.
        transition: Its name.
        from_state: The title of the state that the object left.
        to_state: The title of the state that it entered.
        state_field: The name of the state field; "" where the log does not say.
        user: Who acted, or None.
        cause: In the course of what, or "".
        context: The circumstances, or an empty dict.
    """

    when: datetime
    transition: str
    from_state: str
    to_state: str
    state_field: str
    user: Any
    cause: str
    context: dict[str, Any]


def entries_of(moved: Any) -> list[Entry]:
    """List the newest transitions of an object, the newest first; none where nothing is logged.

    Args:
        moved: The object.
    """
    found = (field.workflow.get_log_model() for field in state_fields(type(moved)).values())
    logs = dict.fromkeys(log for log in found if log is not None)
    entries = [entry for log in logs for entry in _entries(log, moved)]
    return sorted(entries, key=lambda entry: entry.when, reverse=True)[:MOST]


def _entries(log: type[BaseTransitionLog], moved: Any) -> list[Entry]:
    rows = log.entries_of(moved).order_by("-timestamp", "-pk")
    if user := log.column_for("user"):
        rows = rows.select_related(user)
    titles = _titles(type(moved))
    return [_entry(row, titles) for row in rows[:MOST]]


def _titles(model: Any) -> dict[str, str]:
    states = (state for field in reversed(state_fields(model).values()) for state in field.workflow.states)
    return {state.name: str(state.title) for state in states}


def _entry(row: BaseTransitionLog, titles: dict[str, str]) -> Entry:
    def kept(fact: str, otherwise: Any) -> Any:
        column = row.column_for(fact)
        return getattr(row, column) if column else otherwise

    return Entry(
        row.timestamp,
        row.transition,
        titles.get(row.from_state, row.from_state),
        titles.get(row.to_state, row.to_state),
        kept("state_field", ""),
        kept("user", None),
        kept("cause", ""),
        kept("context", {}),
    )
