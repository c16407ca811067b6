"""How the values that meet a condition, or a field, can be looked up."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from enum import IntEnum
from operator import attrgetter
from typing import NamedTuple

from detent.patterns.address import Cidr, SameAddress
from detent.patterns.conditions import (
    Bound,
    Constant,
    Exactly,
    Number,
    Numeric,
    Present,
    Text,
    ValueCondition,
)
from detent.patterns.field import Clause, Field
from detent.patterns.index.lookup import (
    Addresses,
    Anything,
    Blocks,
    BothEnds,
    Constants,
    FoldedPrefixes,
    FoldedSuffixes,
    FoldedTexts,
    Numbers,
    Parts,
    Prefixes,
    Suffixes,
    Texts,
)
from detent.patterns.index.ranges import Ranges
from detent.patterns.index.table import Entry, Kind
from detent.patterns.text_conditions import (
    EqualsIgnoreCase,
    Prefix,
    PrefixIgnoreCase,
    Suffix,
    SuffixIgnoreCase,
    Wildcard,
)

END_LENGTH = 4
"""So much of each end of a wildcard is looked up; fewer lengths make fewer pairs of them to try."""

PART_LENGTH = 3
PARTS = 6
"""So many parts of a wildcard are weighed against each other."""


class Selectivity(IntEnum):
    """How few of all values a condition lets through, judged by its kind."""

    EQUALITY = 0
    END = 1
    RANGE = 2
    PART = 3
    HALF_RANGE = 4
    ANYTHING = 5


class Hint(NamedTuple):
    """One way to look up the values that meet a condition.

    Attributes:
        selectivity: How few values it leads from.
        kind: The lookup.
        argument: The argument under which the condition stands in it.
        is_exact: Whether every value that it leads from meets the condition.
    """

    selectivity: int
    kind: Kind
    argument: Hashable
    is_exact: bool = True


class FieldHint(NamedTuple):
    """One way to look up the values that meet a field: one of the entries leads to it.

    Attributes:
        selectivity: How few values the entries lead from.
        entries: The entries.
        is_exact: Whether every value that they lead from meets the field.
    """

    selectivity: int
    entries: tuple[Entry, ...]
    is_exact: bool


_argument = attrgetter("argument")
_folded = attrgetter("folded")

LOOKED_UP: dict[type[ValueCondition], tuple[Selectivity, Kind, Callable[[ValueCondition], Hashable]]] = {
    Text: (Selectivity.EQUALITY, Texts, _argument),
    Exactly: (Selectivity.EQUALITY, Texts, _argument),
    Number: (Selectivity.EQUALITY, Numbers, _argument),
    Constant: (Selectivity.EQUALITY, Constants, _argument),
    SameAddress: (Selectivity.EQUALITY, Addresses, attrgetter("address")),
    EqualsIgnoreCase: (Selectivity.EQUALITY, FoldedTexts, _folded),
    Prefix: (Selectivity.END, Prefixes, _argument),
    Suffix: (Selectivity.END, Suffixes, _argument),
    PrefixIgnoreCase: (Selectivity.END, FoldedPrefixes, _folded),
    SuffixIgnoreCase: (Selectivity.END, FoldedSuffixes, _folded),
    Cidr: (Selectivity.END, Blocks, attrgetter("block")),
}
"""How the values that meet a condition are looked up, where it takes no more than its argument."""


def hints_of(condition: ValueCondition) -> Sequence[Hint]:
    """The ways to look up the values that meet a condition, of which each is enough."""
    if isinstance(condition, Numeric):
        return (_of_numeric(condition),)
    if isinstance(condition, Wildcard):
        return tuple(_of_wildcard(condition.runs))
    if type(condition) not in LOOKED_UP:
        return (Hint(Selectivity.ANYTHING, Anything, None, is_exact=isinstance(condition, Present)),)
    selectivity, kind, argument_of = LOOKED_UP[type(condition)]
    argument = argument_of(condition)
    if selectivity == Selectivity.END and argument == "":
        selectivity = Selectivity.ANYTHING
    return (Hint(selectivity, kind, argument),)


def hints_of_field(field: Field) -> list[FieldHint]:
    """The ways to look up the values that meet a field, of which each is enough; none if it may be met without any."""
    if len(field.options) == 1:
        return _hints_of_option(field.path, field.options[0])
    of_options = [_hints_of_option(field.path, option) for option in field.options]
    return [_joined([min(hints, key=_selectivity) for hints in of_options])] if all(of_options) else []


def _hints_of_option(path: str, option: Sequence[Clause]) -> list[FieldHint]:
    """The hints of each clause: all clauses have to be met, so each of them leads to the field."""
    is_whole = len(option) == 1
    found: list[FieldHint] = []
    for clause in option:
        of_conditions = [hints_of(condition) for condition in clause.wanted]
        if clause.forbidding:
            continue
        if len(of_conditions) == 1:
            found += [_on_path(path, hint, is_whole=is_whole) for hint in of_conditions[0]]
        else:
            best = [min(hints, key=_selectivity) for hints in of_conditions]
            found.append(_joined([_on_path(path, hint, is_whole=is_whole) for hint in best]))
    return found


def _on_path(path: str, hint: Hint, *, is_whole: bool) -> FieldHint:
    return FieldHint(hint.selectivity, (Entry(path, hint.kind, hint.argument),), hint.is_exact and is_whole)


def _joined(hints: Sequence[FieldHint]) -> FieldHint:
    entries = dict.fromkeys(entry for hint in hints for entry in hint.entries)
    return FieldHint(max(map(_selectivity, hints)), tuple(entries), all(hint.is_exact for hint in hints))


def _selectivity(hint: Hint | FieldHint) -> int:
    return hint.selectivity


def _of_numeric(condition: Numeric) -> Hint:
    match condition.bounds:
        case (Bound("=", number),):
            return Hint(Selectivity.EQUALITY, Numbers, number)
        case (_,):
            return Hint(Selectivity.HALF_RANGE, Ranges, condition.bounds)
        case _:
            return Hint(Selectivity.RANGE, Ranges, condition.bounds)


def _of_wildcard(runs: tuple[str, ...]) -> Iterator[Hint]:
    first, *middle, last = runs if len(runs) > 1 else (*runs, "")
    if len(runs) == 1:
        yield Hint(Selectivity.EQUALITY, Texts, first)
    elif first and last:
        yield Hint(Selectivity.END, BothEnds, (first[:END_LENGTH], last[-END_LENGTH:]), is_exact=False)
    elif last:
        yield Hint(Selectivity.END, Suffixes, last, is_exact=not middle)
    elif first or not middle:
        yield Hint(Selectivity.END if first else Selectivity.ANYTHING, Prefixes, first, is_exact=not middle)
    longest = max(middle, key=len, default="")
    for at in range(min(max(len(longest) - PART_LENGTH, 0) + 1, PARTS) if longest else 0):
        yield Hint(Selectivity.PART, Parts, longest[at : at + PART_LENGTH], is_exact=False)
