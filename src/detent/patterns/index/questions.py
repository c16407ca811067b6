"""What is asked one by one, of the patterns that the lookups let through.

The functions here say what `met_by` of the conditions says, with less to look at in memory on the way: among many
patterns, that is what takes the time.
"""

import operator
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeAlias

from detent.patterns.conditions import COMPARISONS, AnythingBut, Exactly, Numeric, Present, Scalar, Text, ValueCondition
from detent.patterns.field import Field
from detent.patterns.index.layout import Layout, Objects
from detent.patterns.index.values import ABSENT, SCALARS, scalars_of
from detent.patterns.syntax import Conjunction
from detent.patterns.text_conditions import Prefix, Suffix, Wildcard, in_order

Requirement: TypeAlias = Field | tuple[Conjunction, ...]
"""What has to hold: a field has to be met, or one of the branches of a `$or`."""

Question: TypeAlias = Callable[[Objects], bool]
"""Whether something holds in a document, given its objects."""

Test: TypeAlias = Callable[[Scalar, Any], bool]
"""Whether a leaf value meets a condition, given what the condition says."""


class Part:
    """What is asked of the value at one path.

    Attributes:
        number: The number of the object that it stands in.
        name: The key in it.
        test: The test of a leaf value.
        argument: The test's argument.
        field: The field, for what is no leaf value.
    """

    __slots__ = ("argument", "field", "name", "number", "test")

    def __init__(self, field: Field, layout: Layout) -> None:
        self.number, self.name = layout.position(field.path)
        self.test, self.argument = test_of(field)
        self.field = field


class Check:
    """A pattern of which more than one field is left at some place in the tree; immutable.

    Attributes:
        parts: Its fields.
        question: Whether its choices hold; None if it has none.
        key: Its key.
        left: What is left of it as it was written.
        can_be_entered: Whether some of it can be looked up.
    """

    __slots__ = ("can_be_entered", "key", "left", "parts", "question")

    def __init__(self, key: Hashable, left: tuple[Requirement, ...], layout: Layout, *, can_be_entered: bool) -> None:
        fields = [requirement for requirement in left if isinstance(requirement, Field)]
        choices = [requirement for requirement in left if not isinstance(requirement, Field)]
        # An equality is sooner asked, and seldomer met, than anything else.
        fields.sort(key=lambda field: only_text(field) is None)
        self.parts = tuple([Part(field, layout) for field in fields])
        self.question = question_of(choices, layout) if choices else None
        self.key = key
        self.left = left
        self.can_be_entered = can_be_entered


def requirements_of(pattern: Conjunction) -> tuple[Requirement, ...]:
    """What has to hold for a pattern or a branch to match."""
    return (*pattern.fields, *pattern.choices)


def only_text(field: Field) -> str | None:
    """The string that a field has to equal, if that is all it asks."""
    conditions = _only_conditions(field)
    if len(conditions) == 1 and isinstance(conditions[0], (Text, Exactly)):
        return conditions[0].argument
    return None


def test_of(field: Field) -> tuple[Test, object]:
    """How to ask whether a field is met, if there is exactly one leaf value at its path: the test and its argument."""
    conditions = _only_conditions(field)
    if not conditions:
        return meets_field, field
    tests = tuple(map(_test_of_condition, conditions))
    return tests[0] if len(tests) == 1 else (meets_one, tests)


def question_of(choices: Sequence[Sequence[Conjunction]], layout: Layout) -> Question:
    """Ask whether a branch of each of some `$or`s holds."""
    asked = [[_branch_question(branch, layout) for branch in branches] for branches in choices]
    return lambda objects: all(any(question(objects) for question in branches) for branches in asked)


def _branch_question(branch: Conjunction, layout: Layout) -> Question:
    parts = [Part(field, layout) for field in branch.fields]
    choices = question_of(branch.choices, layout) if branch.choices else None

    def holds(objects: Objects) -> bool:
        for part in parts:
            value = objects[part.number].get(part.name, ABSENT)
            if not (
                part.test(value, part.argument) if type(value) in SCALARS else part.field.met_by(scalars_of(value))
            ):
                return False
        return choices is None or choices(objects)

    return holds


def _only_conditions(field: Field) -> tuple[ValueCondition, ...]:
    """The conditions of which one value has to meet one, if the field asks no more than that."""
    if len(field.options) == 1 and len(field.options[0]) == 1 and not field.options[0][0].forbidding:
        return field.options[0][0].wanted
    return ()


def _test_of_condition(condition: ValueCondition) -> tuple[Test, object]:
    match condition:
        case Text(text) | Exactly(text) | Prefix(text) | Suffix(text):
            return OF_TEXT[type(condition)], text
        case Numeric(bounds):
            first, last = bounds[0], bounds[-1]
            return is_within, (COMPARISONS[first.sign], first.number, COMPARISONS[last.sign], last.number)
        case Wildcard(_, runs) if len(runs) > 1:
            return is_like, (runs[0], runs[1:-1], runs[-1], len(runs[0]) + len(runs[-1]))
        case AnythingBut(excluded) if isinstance(excluded[0], Exactly):
            return is_none_of, frozenset(exactly.argument for exactly in excluded)
        case Present():
            return is_present, None
        case _:
            return meets, condition


def meets(value: Scalar, condition: ValueCondition) -> bool:
    """Whether a value meets a condition of any kind."""
    return condition.met_by(value)


def meets_one(value: Scalar, tests: Sequence[tuple[Test, object]]) -> bool:
    """Whether a value meets one of several conditions."""
    for test, argument in tests:  # noqa: SIM110  (a generator would double the time)
        if test(value, argument):
            return True
    return False


def meets_field(value: Scalar, field: Field) -> bool:
    """Whether a value meets a field that asks for more than one thing."""
    return field.met_by((value,))


def is_present(value: Scalar, argument: None) -> bool:  # noqa: ARG001  (a test has two arguments)
    """Whether a value meets `exists`."""
    return True


def is_none_of(value: Scalar, excluded: frozenset[str]) -> bool:
    """Whether a value meets anything-but with strings."""
    return value not in excluded


def is_within(value: Scalar, bounds: tuple[Test, int | float, Test, int | float]) -> bool:
    """Whether a value meets numeric; one bound stands for both."""
    if type(value) is not float and type(value) is not int:
        return False
    compare_first, first, compare_last, last = bounds
    return compare_first(value, first) and compare_last(value, last)


def begins_with(value: Scalar, text: str) -> bool:
    """Whether a value meets prefix."""
    return type(value) is str and value.startswith(text)


def ends_with(value: Scalar, text: str) -> bool:
    """Whether a value meets suffix."""
    return type(value) is str and value.endswith(text)


OF_TEXT: Mapping[type[ValueCondition], Test] = {
    Text: operator.eq,
    Exactly: operator.eq,
    Prefix: begins_with,
    Suffix: ends_with,
}
"""The tests whose argument is the condition's own."""


def is_like(value: Scalar, pieces: tuple[str, tuple[str, ...], str, int]) -> bool:
    """Whether a value meets a wildcard: what stands before, between and after the stars, and how long the ends are."""
    first, middle, last, shortest = pieces
    if type(value) is not str or not value.endswith(last) or not value.startswith(first) or len(value) < shortest:
        return False
    return not middle or in_order(value, middle, len(first), len(value) - len(last))
