"""The one strict compiler: a pattern's JSON becomes fields and choices, or an error that names the path."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from detent.patterns.combinations import innermost
from detent.patterns.conditions import AnythingBut, Condition
from detent.patterns.decoding import decode_pattern
from detent.patterns.errors import InvalidPattern
from detent.patterns.field import Field
from detent.patterns.limits import ALTERNATIVES, FIELD_CONDITIONS, WILDCARDS
from detent.patterns.location import Location
from detent.patterns.operators import OPERATORS, members_of, read_condition
from detent.patterns.size import refuse_oversized
from detent.patterns.text_conditions import Wildcard
from detent.patterns.wording import shown

OR = "$or"

RESERVED_IN_BRANCHES = frozenset(OPERATORS) | {
    "=",
    "<",
    "<=",
    ">",
    ">=",
    "regex",
    "not-wildcard",
    "not-equals-ignore-case",
    "date-after",
    "date-on-or-after",
    "date-before",
    "date-on-or-before",
    "in-date-range",
    "ip-address-in-range",
    "ip-address-not-in-range",
}
"""Names that fields may not have inside `$or`, where a misplaced operator would look like a field."""


@dataclass(slots=True, eq=False)
class Conjunction:
    """What has to hold together.

    Attributes:
        fields: Fields that all have to be met.
        choices: For each `$or`, its branches; one of each has to hold.
    """

    fields: tuple[Field, ...]
    choices: tuple[tuple["Conjunction", ...], ...]

    def all_fields(self) -> Iterator[Field]:
        """Every field, those in branches included."""
        yield from self.fields
        for branches in self.choices:
            for branch in branches:
                yield from branch.all_fields()

    def count_alternatives(self) -> int:
        """How many combinations of branches there are."""
        count = 1
        for branches in self.choices:
            count *= sum(branch.count_alternatives() for branch in branches)
        return count


def compile_pattern(source: object) -> Conjunction:
    """Compile a pattern.

    Args:
        source: A dict as `json.loads` gives it, or a JSON text (str, bytes or bytearray).

    Returns:
        Its fields and choices.

    Raises:
        InvalidPattern: The language does not have it, or it is beyond a limit.
    """
    if isinstance(source, (str, bytes, bytearray)):
        source = decode_pattern(source)
    refuse_oversized(source)
    compiled = _read_object(source, Location())
    _refuse_beyond_limits(compiled)
    _distinct_paths(compiled)
    return compiled


def _read_object(source: object, at: Location) -> Conjunction:
    members = members_of(source, at)
    if not members:
        raise at.refusal("an empty object; name at least one field")
    fields: list[Field] = []
    choices: list[tuple[Conjunction, ...]] = []
    for key, content in members.items():
        here = at.member(key)
        if key == OR:
            choices.append(_read_branches(content, here, at))
            continue
        _refuse_reserved(key, here)
        if isinstance(content, dict):
            inner = _read_object(content, here)
            fields.extend(inner.fields)
            choices.extend(inner.choices)
        else:
            fields.append(_read_field(content, here))
    return Conjunction(tuple(fields), tuple(choices))


def _read_field(content: object, at: Location) -> Field:
    if not isinstance(content, list):
        raise at.refusal(f"{shown(content)}; a field needs an array of conditions or an object of fields")
    if not content:
        raise at.refusal("an empty array; a field needs at least one condition")
    return Field.of(at.path or "", [read_condition(condition, at) for condition in content])


def _read_branches(content: object, at: Location, outside: Location) -> tuple[Conjunction, ...]:
    if not isinstance(content, list) or len(content) < 2:
        raise at.refusal("$or needs an array of at least two objects")
    return tuple(_read_object(branch, outside.in_branch(number)) for number, branch in enumerate(content, 1))


def _refuse_reserved(key: str, at: Location) -> None:
    # "a.prefix" is {"a": {"prefix": ...}}, so every part of a dotted key counts.
    reserved = RESERVED_IN_BRANCHES.intersection(key.split(".")) if at.branch else None
    if reserved:
        raise at.refusal(f"{shown(min(reserved))} is the name of an operator, which a field inside $or may not have")


def _refuse_beyond_limits(compiled: Conjunction) -> None:
    wildcards = 0
    for field in compiled.all_fields():
        conditions = innermost(field.conditions)
        if len(conditions) > FIELD_CONDITIONS:
            raise InvalidPattern(
                field.path, f"{len(conditions)} conditions; the limit on a field is {FIELD_CONDITIONS}"
            )
        for condition in conditions:
            wildcards += _count_wildcards(condition)
    if wildcards > WILDCARDS:
        raise InvalidPattern("", f"{wildcards} wildcards; the limit is {WILDCARDS}")
    alternatives = compiled.count_alternatives()
    if alternatives > ALTERNATIVES:
        raise InvalidPattern("", f"$or makes {shown(alternatives)} alternatives; the limit is {ALTERNATIVES}")


def _count_wildcards(condition: Condition) -> int:
    if isinstance(condition, AnythingBut):
        return sum(isinstance(excluded, Wildcard) for excluded in condition.excluded)
    return isinstance(condition, Wildcard)


def _distinct_paths(compiled: Conjunction) -> set[str]:
    """The paths that some combination of branches has; refuses those that a combination has twice."""
    paths = {field.path for field in compiled.fields}
    parts: list[set[str]] = [] if len(paths) == len(compiled.fields) else [_repeated(compiled.fields)]
    parts += [set[str]().union(*(_distinct_paths(branch) for branch in branches)) for branches in compiled.choices]
    for part in parts:
        repeated = paths & part
        if repeated:
            raise InvalidPattern(min(repeated), "the path stands twice; put all its conditions into one array")
        paths |= part
    return paths


def _repeated(fields: Iterable[Field]) -> set[str]:
    counts = Counter(field.path for field in fields)
    return {path for path, count in counts.items() if count > 1}
