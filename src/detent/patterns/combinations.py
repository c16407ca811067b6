"""Conditions on all the values of a field together: exists false, none-of, any-of, all-of."""

# ruff: noqa: D102  (what a method says here is said by the class it comes from and by this class)

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from detent.patterns.conditions import JSON, Condition, Scalar, ValueCondition


class Forbidding(Condition):
    """A condition that holds as long as no value at the path breaks it."""

    __slots__ = ()

    def broken_by(self, value: Scalar) -> bool:
        """Whether this value at the path breaks the condition."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Absent(Forbidding):
    """`{"exists": false}`: no value at all."""

    operator = "exists"

    def broken_by(self, value: Scalar) -> bool:
        return True

    def as_json(self) -> JSON:
        return {self.operator: False}


@dataclass(frozen=True, slots=True)
class NoneOf(Forbidding):
    """`{"none-of": [c, ...]}`: no value meets any of the conditions."""

    operator = "none-of"
    parts: tuple[ValueCondition, ...]

    def broken_by(self, value: Scalar) -> bool:
        return any(part.met_by(value) for part in self.parts)

    def as_json(self) -> JSON:
        return {self.operator: [part.as_json() for part in self.parts]}


@dataclass(frozen=True, slots=True)
class AnyOf(Condition):
    """`{"any-of": [c, ...]}`: inside all-of, what an array of conditions is outside."""

    operator = "any-of"
    parts: tuple[ValueCondition | NoneOf, ...]

    def as_json(self) -> JSON:
        return {self.operator: [part.as_json() for part in self.parts]}


@dataclass(frozen=True, slots=True)
class AllOf(Condition):
    """`{"all-of": [c, ...]}`: every condition is met at the path, each by some value."""

    operator = "all-of"
    parts: tuple[ValueCondition | AnyOf | NoneOf, ...]

    def as_json(self) -> JSON:
        return {self.operator: [part.as_json() for part in self.parts]}


Combination: TypeAlias = NoneOf | AnyOf | AllOf
"""The conditions that are made of conditions."""


def innermost(conditions: Iterable[Condition]) -> list[Condition]:
    """The conditions themselves, or those that combinations are made of."""
    found: list[Condition] = []
    for condition in conditions:
        if isinstance(condition, (AllOf, AnyOf, NoneOf)):
            found += innermost(condition.parts)
        else:
            found.append(condition)
    return found
