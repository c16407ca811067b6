"""Conditions on the letters of a string: prefix, suffix, equals-ignore-case, wildcard."""

# ruff: noqa: D102  (what a method says here is said by the class it comes from and by this class)

from collections.abc import Sequence
from dataclasses import dataclass

from detent.patterns.conditions import JSON, Scalar, ValueCondition
from detent.patterns.letter_case import fold


@dataclass(frozen=True, slots=True)
class Prefix(ValueCondition):
    """`{"prefix": s}`: a string that begins with s."""

    operator = "prefix"
    argument: str

    def met_by(self, value: Scalar) -> bool:
        return isinstance(value, str) and value.startswith(self.argument)


@dataclass(frozen=True, slots=True)
class Suffix(ValueCondition):
    """`{"suffix": s}`: a string that ends with s."""

    operator = "suffix"
    argument: str

    def met_by(self, value: Scalar) -> bool:
        return isinstance(value, str) and value.endswith(self.argument)


@dataclass(frozen=True, slots=True)
class PrefixIgnoreCase(ValueCondition):
    """`{"prefix": {"equals-ignore-case": s}}`: a string that begins with s in any case."""

    operator = "prefix"
    argument: str
    folded: str

    def met_by(self, value: Scalar) -> bool:
        return isinstance(value, str) and fold(value[: len(self.folded)]) == self.folded

    def as_json(self) -> JSON:
        return {self.operator: {EqualsIgnoreCase.operator: self.argument}}


@dataclass(frozen=True, slots=True)
class SuffixIgnoreCase(ValueCondition):
    """`{"suffix": {"equals-ignore-case": s}}`: a string that ends with s in any case."""

    operator = "suffix"
    argument: str
    folded: str

    def met_by(self, value: Scalar) -> bool:
        if not isinstance(value, str) or len(value) < len(self.folded):
            return False
        return fold(value[len(value) - len(self.folded) :]) == self.folded

    def as_json(self) -> JSON:
        return {self.operator: {EqualsIgnoreCase.operator: self.argument}}


@dataclass(frozen=True, slots=True)
class EqualsIgnoreCase(ValueCondition):
    """`{"equals-ignore-case": s}`: the same letters in any case, code point by code point."""

    operator = "equals-ignore-case"
    argument: str
    folded: str

    def met_by(self, value: Scalar) -> bool:
        return isinstance(value, str) and len(value) == len(self.folded) and fold(value) == self.folded


@dataclass(frozen=True, slots=True)
class Wildcard(ValueCondition):
    """`{"wildcard": s}`: the whole string, where each `*` stands for any run of characters.

    Attributes:
        argument: The wildcard as written.
        runs: The literal text between the stars, one entry more than there are stars.
    """

    operator = "wildcard"
    argument: str
    runs: tuple[str, ...]

    def met_by(self, value: Scalar) -> bool:
        if not isinstance(value, str):
            return False
        first, *middle = self.runs
        if not middle:
            return value == first
        last = middle.pop()
        end = len(value) - len(last)
        if end < len(first) or not value.startswith(first) or not value.endswith(last):
            return False
        return in_order(value, middle, len(first), end)


def in_order(value: str, runs: Sequence[str], start: int, end: int) -> bool:
    """Whether texts stand in a part of a string one after the other."""
    for run in runs:
        found = value.find(run, start, end)
        if found < 0:
            return False
        start = found + len(run)
    return True
