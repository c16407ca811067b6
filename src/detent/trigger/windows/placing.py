"""Where in its window an event belongs, which `emit` writes down and a worker decides about."""

from typing import NamedTuple

from detent.trigger.document import Document
from detent.trigger.windows.absence import Absence
from detent.trigger.windows.entry import BOTH, ENDS, NO_PART, OPENS, Window


class Place(NamedTuple):
    """Where in its window an event belongs.

    Attributes:
        key: The key that it shares with those that are decided together with it.
        part: Its part in an absence.
    """

    key: str
    part: str


def place_of(window: Window, document: Document, *, opens: bool, ends: bool) -> Place:
    """Return the place of a document that triggered a rule.

    Args:
        window: The rule's window.
        document: What happened.
        opens: Whether it is what the rule asks for.
        ends: Whether it is what the rule's absence would miss.

    Raises:
        NoWindowKey: It has no key.
    """
    part = (BOTH if opens and ends else OPENS if opens else ENDS) if isinstance(window, Absence) else NO_PART
    return Place(window.key(document), part)
