"""Why a document matches a pattern or not: every clause, whether it is met, and the values seen there."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TypeAlias

from detent.patterns.choice import Choice
from detent.patterns.combinations import AllOf, AnyOf, NoneOf
from detent.patterns.conditions import JSON, Condition, Scalar
from detent.patterns.field import Field, options_of
from detent.patterns.flatten import FlatDocument, Leaf
from detent.patterns.matching import Match, find_match
from detent.patterns.syntax import Conjunction
from detent.patterns.wording import shown

DISAGREEMENT = "every field is met on its own, but not by the same elements of the arrays"
SHOWN_VALUES = 10


@dataclass(frozen=True, slots=True)
class ExplainedCondition:
    """A condition of a field.

    Attributes:
        condition: Its JSON.
        met: Whether it is met.
        parts: The conditions inside all-of, any-of and none-of.
    """

    condition: JSON
    met: bool
    parts: tuple["ExplainedCondition", ...] = ()


@dataclass(frozen=True, slots=True)
class ExplainedField:
    """A field of the pattern.

    Attributes:
        path: Its path.
        met: Whether one of its conditions is met.
        values: The values at the path; in a match, those in the array elements chosen for the other fields.
        conditions: The conditions, of which one has to be met.
    """

    path: str
    met: bool
    values: tuple[Scalar, ...]
    conditions: tuple[ExplainedCondition, ...]


@dataclass(frozen=True, slots=True)
class ExplainedObject:
    """The pattern, or a branch of a `$or`.

    Attributes:
        met: Whether every field and every choice is met.
        fields: Its fields.
        choices: Its `$or`s.
    """

    met: bool
    fields: tuple[ExplainedField, ...]
    choices: tuple["ExplainedChoice", ...]


@dataclass(frozen=True, slots=True)
class ExplainedChoice:
    """A `$or`.

    Attributes:
        met: Whether one of its branches is met.
        branches: The branches.
    """

    met: bool
    branches: tuple[ExplainedObject, ...]


Clause: TypeAlias = ExplainedObject | ExplainedChoice | ExplainedField | ExplainedCondition


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a document matches a pattern or not; `str()` gives the text for an operator.

    Attributes:
        matched: Whether it matches.
        pattern: The tree of clauses.
        note: What the clauses do not show one by one; "" if nothing.
    """

    matched: bool
    pattern: ExplainedObject
    note: str

    def as_data(self) -> dict[str, object]:
        """The explanation as JSON has it: dicts, lists and plain values."""
        return asdict(self)

    def __str__(self) -> str:
        lines = ["matches" if self.matched else "does not match"]
        if self.note:
            lines.append(f"  {self.note}")
        lines.extend(_lines(self.pattern, 1))
        return "\n".join(lines)


def explain(pattern: Conjunction, document: FlatDocument) -> Explanation:
    """Explain a compiled pattern against a document flattened with at least its paths.

    Raises:
        InvalidDocument: Its arrays can be combined in too many ways.
    """
    match = find_match(pattern, document)
    root = _Explainer(document, match).explain_object(pattern)
    note = DISAGREEMENT if root.met and match is None else ""
    return Explanation(match is not None, root, note)


class _Explainer:
    """Explains the parts of a pattern against one document and the way it matches, if it does."""

    def __init__(self, document: FlatDocument, match: Match | None) -> None:
        self._document = document
        self._choice = Choice(frozenset()) if match is None else match.choice
        self._numbers = {} if match is None else {field: number for number, field in enumerate(match.in_arrays)}

    def explain_object(self, pattern: Conjunction) -> ExplainedObject:
        fields = tuple(self._explain_field(field) for field in pattern.fields)
        choices = tuple(self._explain_choice(branches) for branches in pattern.choices)
        return ExplainedObject(
            all(field.met for field in fields) and all(choice.met for choice in choices), fields, choices
        )

    def _explain_choice(self, branches: Sequence[Conjunction]) -> ExplainedChoice:
        explained = tuple(self.explain_object(branch) for branch in branches)
        return ExplainedChoice(any(branch.met for branch in explained), explained)

    def _explain_field(self, field: Field) -> ExplainedField:
        values = tuple(leaf.value for leaf in self._leaves(field))
        conditions = tuple(_explain_condition(condition, values) for condition in field.conditions)
        return ExplainedField(field.path, any(condition.met for condition in conditions), values, conditions)

    def _leaves(self, field: Field) -> Sequence[Leaf]:
        leaves = self._document.leaves.get(field.path, [])
        number = self._numbers.get(field)
        return leaves if number is None else self._choice.agreeing(leaves, number)


def _explain_condition(condition: Condition, values: Sequence[Scalar]) -> ExplainedCondition:
    parts: tuple[ExplainedCondition, ...] = ()
    if isinstance(condition, (AllOf, AnyOf, NoneOf)):
        parts = tuple(_explain_condition(part, values) for part in condition.parts)
    return ExplainedCondition(condition.as_json(), _is_met(condition, values), parts)


def _is_met(condition: Condition, values: Sequence[Scalar]) -> bool:
    conditions = condition.parts if isinstance(condition, AnyOf) else (condition,)
    return any(all(clause.met_by(values) for clause in option) for option in options_of(conditions))


def _lines(clause: Clause, depth: int) -> Iterator[str]:
    indent = "  " * depth
    match clause:
        case ExplainedObject():
            for field in clause.fields:
                yield from _lines(field, depth)
            for choice in clause.choices:
                yield from _lines(choice, depth)
        case ExplainedChoice():
            yield f"{indent}{_mark(clause)} one of:"
            for number, branch in enumerate(clause.branches, 1):
                yield f"{indent}  {_mark(branch)} branch {number}:"
                yield from _lines(branch, depth + 2)
        case ExplainedField():
            yield f"{indent}{_mark(clause)} {shown(clause.path)} is {_values(clause.values)}"
            for condition in clause.conditions:
                yield from _lines(condition, depth + 1)
        case ExplainedCondition():
            yield f"{indent}{_mark(clause)} {shown(clause.condition)}"
            for inner in clause.parts:
                yield from _lines(inner, depth + 1)


def _mark(clause: Clause) -> str:
    return "[met]    " if clause.met else "[not met]"


def _values(values: Sequence[Scalar]) -> str:
    if not values:
        return "absent"
    more = f" and {len(values) - SHOWN_VALUES} more" if len(values) > SHOWN_VALUES else ""
    return ", ".join(shown(value) for value in values[:SHOWN_VALUES]) + more
