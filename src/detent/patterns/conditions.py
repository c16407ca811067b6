"""Conditions that a single value meets or not: equality, presence, numbers, anything-but.

What `met_by` says is the meaning of a condition; every faster way to find matches must agree with it.
"""

# ruff: noqa: D102  (what a method says here is said by the class it comes from and by this class)

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

Scalar: TypeAlias = str | int | float | bool | None
"""A leaf value of a document."""

JSON: TypeAlias = "Scalar | list[JSON] | dict[str, JSON]"


# No abstract base classes: they make `isinstance` slow, of which compiling a pattern is full.


class Condition:
    """One entry of a field's array of conditions."""

    __slots__ = ()
    operator: ClassVar[str] = ""

    def as_json(self) -> JSON:
        """The condition as a pattern writes it."""
        raise NotImplementedError


class ValueCondition(Condition):
    """A condition that one value at the path meets or not."""

    __slots__ = ()
    argument: Scalar

    def met_by(self, value: Scalar) -> bool:
        """Whether this value, on its own, meets the condition."""
        raise NotImplementedError

    def as_json(self) -> JSON:
        return {self.operator: self.argument}


@dataclass(frozen=True, slots=True)
class Text(ValueCondition):
    """A string: equal to it, case-sensitive."""

    argument: str

    def met_by(self, value: Scalar) -> bool:
        return value == self.argument

    def as_json(self) -> str:
        return self.argument


@dataclass(frozen=True, slots=True)
class Exactly(ValueCondition):
    """`{"exactly": "x"}`: equal to the string, which is never read as an address."""

    operator = "exactly"
    argument: str

    def met_by(self, value: Scalar) -> bool:
        return value == self.argument


@dataclass(frozen=True, slots=True)
class Number(ValueCondition):
    """A number: numerically equal to it, integers exactly; a boolean is not a number."""

    argument: int | float

    def met_by(self, value: Scalar) -> bool:
        return value == self.argument and not isinstance(value, bool)

    def as_json(self) -> int | float:
        return self.argument


@dataclass(frozen=True, slots=True)
class Constant(ValueCondition):
    """`true`, `false` or `null`: that very value."""

    argument: bool | None

    def met_by(self, value: Scalar) -> bool:
        return value is self.argument

    def as_json(self) -> bool | None:
        return self.argument


@dataclass(frozen=True, slots=True)
class Present(ValueCondition):
    """`{"exists": true}`: some value, null and "" included."""

    operator = "exists"
    argument: bool = True

    def met_by(self, value: Scalar) -> bool:
        return True


COMPARISONS: dict[str, Callable[[int | float, int | float], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
"""What each sign of a bound asks of a number and the bound."""


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a numeric condition."""

    sign: str
    number: int | float

    def holds(self, value: int | float) -> bool:
        """Whether a number is on the right side; the comparison is exact, however large the number."""
        return COMPARISONS[self.sign](value, self.number)


@dataclass(frozen=True, slots=True)
class Numeric(ValueCondition):
    """`{"numeric": [">", 0, "<=", 5]}`: a JSON number that satisfies every bound."""

    operator = "numeric"
    bounds: tuple[Bound, ...]

    def met_by(self, value: Scalar) -> bool:
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            return False
        return all(bound.holds(value) for bound in self.bounds)

    def as_json(self) -> JSON:
        return {self.operator: [part for bound in self.bounds for part in (bound.sign, bound.number)]}


@dataclass(frozen=True, slots=True)
class AnythingBut(ValueCondition):
    """`{"anything-but": ...}`: a value of any type that meets none of the excluded conditions.

    The excluded conditions are all of one class: `Exactly`, `Number`, or one of the operators on text.
    """

    operator = "anything-but"
    excluded: tuple[ValueCondition, ...]

    def met_by(self, value: Scalar) -> bool:
        return not any(condition.met_by(value) for condition in self.excluded)

    def as_json(self) -> JSON:
        arguments: JSON = [condition.argument for condition in self.excluded]
        first = self.excluded[0]
        plain = isinstance(first, (Exactly, Number))
        return {self.operator: arguments if plain else {first.operator: arguments}}
