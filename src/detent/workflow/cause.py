"""What the present work is done in the course of, as log rows and occurrences keep it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from detent.workflow.errors import UnusableCause

CAUSE_LENGTH = 100
_cause: ContextVar[str] = ContextVar("detent_cause", default="")


def current_cause() -> str:
    """Return the cause of what is done now, such as `delivery:17`; "" if it has none."""
    return _cause.get()


@contextmanager
def caused_by(cause: str) -> Iterator[None]:
    """Name the cause of everything done inside.

    Args:
        cause: A kind and a key, such as `delivery:17`, of at most 100 characters.

    Raises:
        UnusableCause: It is no text, or longer.
    """
    if not (isinstance(cause, str) and len(cause) <= CAUSE_LENGTH):
        raise UnusableCause(cause, CAUSE_LENGTH)
    token = _cause.set(cause)
    try:
        yield
    finally:
        _cause.reset(token)
