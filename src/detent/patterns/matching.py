"""Matching one compiled pattern against one flattened document."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from detent.patterns.agreement import find_choice
from detent.patterns.choice import Choice
from detent.patterns.field import Field
from detent.patterns.flatten import FlatDocument
from detent.patterns.syntax import Conjunction

Fields: TypeAlias = tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """How a document meets a pattern.

    Attributes:
        in_arrays: The fields whose values sit in arrays, of the combination of branches that is met.
        choice: The array elements in which they are met, by the positions of these fields.
    """

    in_arrays: Fields
    choice: Choice


def find_match(pattern: Conjunction, document: FlatDocument) -> Match | None:
    """Find out how a document meets a pattern.

    Args:
        pattern: A compiled pattern.
        document: A document, flattened with at least the paths of the pattern.

    Returns:
        The first combination of branches that is met, None if there is none.

    Raises:
        InvalidDocument: Its arrays can be combined in too many ways.
    """
    for in_arrays in _candidates(pattern, document):
        if not in_arrays:
            return Match((), Choice(frozenset()))
        choice = find_choice([(field, document.leaves[field.path]) for field in in_arrays])
        if choice is not None:
            return Match(in_arrays, choice)
    return None


def _candidates(pattern: Conjunction, document: FlatDocument) -> Iterator[Fields]:
    """The combinations of branches of which everything outside of arrays is met, as the fields that remain to be met.

    Each field is asked once, however many combinations it is in.
    """
    in_arrays: list[Field] = []
    for field in pattern.fields:
        values = [leaf.value for leaf in document.leaves.get(field.path, ())]
        if field.path not in document.in_arrays:
            if not field.met_by(values):
                return
        elif field.conceivable(values):
            in_arrays.append(field)
        else:
            return
    choices: list[list[Fields]] = []
    for branches in pattern.choices:
        # A dict keeps the branches' order and drops those that leave the same to be met.
        open_branches = dict.fromkeys(fields for branch in branches for fields in _candidates(branch, document))
        if not open_branches:
            return
        choices.append(list(open_branches))
    for combination in product(*choices):
        yield sum(combination, tuple(in_arrays))
