"""What can be wrong with the entries of a rule file."""

from collections.abc import Sequence
from dataclasses import dataclass

from detent.trigger.errors import TriggerError


@dataclass(frozen=True)
class EntryComplaint:
    """What is wrong with one entry of a rule file.

    Attributes:
        number: The how-manieth entry it is, from 1.
        name: The name that it gives its rule, or "".
        path: Where in the entry, such as `configuration.pattern.data.total`; "" for the whole.
        reason: What is wrong there, and what would be right.
    """

    number: int
    name: str
    path: str
    reason: str

    def __str__(self) -> str:
        which = f"entry {self.number}, {self.name!r}" if self.name else f"entry {self.number}"
        return ": ".join(filter(None, (which, self.path, self.reason)))


class InvalidRuleFile(TriggerError):
    """Entries of a rule file are invalid; none of the file has been imported.

    Attributes:
        complaints: What is wrong with each of them.
    """

    def __init__(self, complaints: Sequence[EntryComplaint]) -> None:
        super().__init__("\n".join(map(str, complaints)))
        self.complaints = tuple(complaints)
