"""The patterns of which only one field is left at some place in the tree."""

from collections.abc import Hashable, Iterator, Sequence
from typing import Any, final

from detent.patterns.field import Field
from detent.patterns.index.layout import Position
from detent.patterns.index.questions import Test


@final
class LastField:
    """The one field that is left of a pattern, and which others are left at the same place; immutable.

    Most values lead to few of these and to nothing else. So they stand behind a value without a node or a tuple around
    them: among many patterns, to fetch one more object from memory takes longer than all that is done with it. Nor is
    `field` fetched with the rest, which unpacking a tuple would do.

    Attributes:
        number: The number of the object that the field stands in.
        name: The key in it.
        test: The test of a leaf value; None for a string that has to be equal.
        argument: The test's argument, or the string.
        key: The pattern's key.
        next: The next one at the same place.
        field: The field.
        can_be_entered: Whether it could be looked up, and may be when other patterns join it.
    """

    __slots__ = ("argument", "can_be_entered", "field", "key", "name", "next", "number", "test")

    def __init__(
        self,
        position: Position,
        test: Test | None,
        argument: Any,
        key: Hashable,
        field: Field,
        *,
        can_be_entered: bool,
        next: "LastField | None",  # noqa: A002  (the name that every linked list has)
    ) -> None:
        self.number, self.name = position
        self.test = test
        self.argument = argument
        self.key = key
        self.field = field
        self.can_be_entered = can_be_entered
        self.next = next

    def before(self, next: "LastField | None") -> "LastField":  # noqa: A002
        """The same, with others behind it."""
        if next is self.next:
            return self
        position = Position(self.number, self.name)
        can_be_entered = self.can_be_entered
        return LastField(
            position, self.test, self.argument, self.key, self.field, can_be_entered=can_be_entered, next=next
        )


def each_of(first: LastField | None) -> Iterator[LastField]:
    """All that are left at a place, from the first on."""
    while first is not None:
        yield first
        first = first.next


def chained(last_fields: Sequence[LastField]) -> LastField | None:
    """Put these, in their order, at one place."""
    first = None
    for last_field in reversed(last_fields):
        first = last_field.before(first)
    return first
