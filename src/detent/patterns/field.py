"""A field of a pattern: a path, and the conditions on its values in the form that matching needs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from detent.patterns.combinations import AllOf, AnyOf, Forbidding, innermost
from detent.patterns.conditions import AnythingBut, Condition, Number, Numeric, Scalar, ValueCondition


@dataclass(slots=True, eq=False)
class Clause:
    """What one part of a field asks: some value meets one of `wanted`, or no value breaks one of `forbidding`."""

    wanted: tuple[ValueCondition, ...]
    forbidding: tuple[Forbidding, ...]

    def wants(self, value: Scalar) -> bool:
        """Whether the value meets one of the wanted conditions."""
        for condition in self.wanted:  # noqa: SIM110  (a generator would double the time of the commonest call)
            if condition.met_by(value):
                return True
        return False

    def met_by(self, values: Sequence[Scalar]) -> bool:
        """Whether the clause is met if these are all the values at its path."""
        for value in values:
            if self.wants(value):
                return True
        return any(not any(condition.broken_by(value) for value in values) for condition in self.forbidding)

    def conceivable(self, values: Sequence[Scalar]) -> bool:
        """Whether the clause may be met by these values, depending on the elements that other fields choose."""
        return bool(self.forbidding) or any(map(self.wants, values))


Option: TypeAlias = tuple[Clause, ...]
"""Clauses that together meet a field: one for an array's plain conditions, one for each part of an all-of."""


@dataclass(slots=True, eq=False)
class Field:
    """A path, and the conditions of which one has to be met there.

    Attributes:
        path: Keys joined with ".".
        conditions: The conditions as written.
        options: The same as clauses; the field is met if all clauses of one option are.
    """

    path: str
    conditions: tuple[Condition, ...]
    options: tuple[Option, ...]

    @classmethod
    def of(cls, path: str, conditions: Iterable[Condition]) -> "Field":
        """Lay out the conditions of a field.

        Args:
            path: Keys joined with ".".
            conditions: At least one.
        """
        written = tuple(conditions)
        return cls(path, written, options_of(written))

    def compares_numbers(self) -> bool:
        """Whether it matters to the field which number a value is."""
        return any(_compares_numbers(condition) for condition in innermost(self.conditions))

    def met_by(self, values: Sequence[Scalar]) -> bool:
        """Whether the field is met if these are all its values and no other field has chosen array elements."""
        for option in self.options:
            for clause in option:
                if not clause.met_by(values):
                    break
            else:
                return True
        return False

    def conceivable(self, values: Sequence[Scalar]) -> bool:
        """Whether the field may be met by these values, depending on the elements that other fields choose."""
        return any(all(clause.conceivable(values) for clause in option) for option in self.options)


def options_of(conditions: Iterable[Condition]) -> tuple[Option, ...]:
    """Turn an array of conditions into options: one for all that are not all-of, one for each all-of."""
    listed = tuple(conditions)
    plain = [condition for condition in listed if not isinstance(condition, AllOf)]
    options = [
        tuple(_clause(part.parts if isinstance(part, AnyOf) else (part,)) for part in condition.parts)
        for condition in listed
        if isinstance(condition, AllOf)
    ]
    return ((_clause(plain),), *options) if plain else tuple(options)


def _clause(conditions: Sequence[Condition]) -> Clause:
    return Clause(
        tuple([condition for condition in conditions if isinstance(condition, ValueCondition)]),
        tuple([condition for condition in conditions if isinstance(condition, Forbidding)]),
    )


def _compares_numbers(condition: Condition) -> bool:
    if isinstance(condition, AnythingBut):
        return isinstance(condition.excluded[0], Number)
    return isinstance(condition, (Number, Numeric))
