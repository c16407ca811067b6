"""The operators of the language: how the JSON of one condition is read."""

from collections.abc import Callable

from detent.patterns.address import Cidr, SameAddress, parse_address, parse_block
from detent.patterns.combinations import Absent, AllOf, AnyOf, NoneOf
from detent.patterns.conditions import (
    AnythingBut,
    Condition,
    Constant,
    Exactly,
    Number,
    Present,
    Text,
    ValueCondition,
)
from detent.patterns.decoding import RepeatedKey
from detent.patterns.errors import InvalidPattern
from detent.patterns.letter_case import fold
from detent.patterns.location import Location
from detent.patterns.numbers import finite, read_numeric
from detent.patterns.text_conditions import (
    EqualsIgnoreCase,
    Prefix,
    PrefixIgnoreCase,
    Suffix,
    SuffixIgnoreCase,
    Wildcard,
)
from detent.patterns.wildcards import wildcard_runs
from detent.patterns.wording import shown


def read_condition(source: object, at: Location) -> Condition:
    """Read one entry of a field's array.

    Args:
        source: Its JSON.
        at: The field.

    Returns:
        The condition.

    Raises:
        InvalidPattern: The language does not have it here.
    """
    condition = _read(source, at)
    if isinstance(condition, AnyOf):
        raise at.refusal("any-of is for use inside all-of; here, put its conditions into the field's array itself")
    return condition


def members_of(source: object, at: Location) -> dict[str, object]:
    """The members of an object, of which no key stands twice and each is a string.

    Args:
        source: What should be an object.
        at: Where it stands.

    Raises:
        InvalidPattern: It is not such an object.
    """
    if not isinstance(source, dict):
        raise at.refusal(f"{shown(source)} is not an object")
    if isinstance(source, RepeatedKey):
        raise at.refusal(f"the key {shown(source.key)} stands twice in one object")
    for key in source:
        if not isinstance(key, str):
            raise at.refusal(f"the key {shown(key)} is not a string")
    return source


def _read(source: object, at: Location) -> Condition:
    match source:
        case str():
            return _read_text(source)
        case bool() | None:
            return Constant(source)
        case int() | float():
            return Number(finite(source, at))
        case dict():
            operator, argument = _single_member(source, at)
            if operator not in OPERATORS:
                raise at.refusal(f"{shown(operator)} is not an operator; the operators are {', '.join(OPERATORS)}")
            return OPERATORS[operator](argument, at)
        case _:
            raise at.refusal(f"{shown(source)} is not a condition: a string, number, true, false, null or one operator")


def _single_member(source: object, at: Location) -> tuple[str, object]:
    members = members_of(source, at)
    if len(members) != 1:
        raise at.refusal(f"{shown(source)} has {len(members)} keys; it needs exactly one, the operator")
    return next(iter(members.items()))


def _read_text(text: str) -> ValueCondition:
    address = parse_address(text)
    return Text(text) if address is None else SameAddress(text, address)


def _read_exactly(argument: object, at: Location) -> Exactly:
    return Exactly(_string(argument, "exactly", at))


def _read_exists(argument: object, at: Location) -> Present | Absent:
    if not isinstance(argument, bool):
        raise at.refusal(f"exists takes true or false, not {shown(argument)}")
    return Present() if argument else Absent()


def _read_prefix(argument: object, at: Location) -> Prefix | PrefixIgnoreCase:
    if isinstance(argument, dict):
        text = _ignore_case_argument(argument, "prefix", at)
        return PrefixIgnoreCase(text, fold(text))
    return Prefix(_string(argument, "prefix", at))


def _read_suffix(argument: object, at: Location) -> Suffix | SuffixIgnoreCase:
    if isinstance(argument, dict):
        text = _ignore_case_argument(argument, "suffix", at)
        return SuffixIgnoreCase(text, fold(text))
    return Suffix(_string(argument, "suffix", at))


def _ignore_case_argument(source: object, operator: str, at: Location) -> str:
    inner, argument = _single_member(source, at)
    if inner != EqualsIgnoreCase.operator:
        raise at.refusal(f"{operator} takes a string or equals-ignore-case, not {shown(inner)}")
    return _string(argument, inner, at)


def _read_equals_ignore_case(argument: object, at: Location) -> EqualsIgnoreCase:
    text = _string(argument, "equals-ignore-case", at)
    return EqualsIgnoreCase(text, fold(text))


def _read_wildcard(argument: object, at: Location) -> Wildcard:
    text = _string(argument, "wildcard", at)
    return Wildcard(text, wildcard_runs(text, at))


def _read_cidr(argument: object, at: Location) -> Cidr:
    text = _string(argument, "cidr", at)
    block = parse_block(text)
    if block is None:
        raise at.refusal(f'cidr takes an address block such as "10.0.0.0/8" or "2001:db8::/32", not {shown(text)}')
    return Cidr(text, block)


def _read_anything_but(argument: object, at: Location) -> AnythingBut:
    match argument:
        case dict():
            return _read_anything_but_operator(argument, at)
        case list():
            excluded = argument
        case _:
            excluded = [argument]
    if excluded and all(isinstance(value, str) for value in excluded):
        return AnythingBut(tuple(Exactly(value) for value in excluded))
    if excluded and all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in excluded):
        return AnythingBut(tuple(Number(finite(value, at)) for value in excluded))
    raise at.refusal(
        f"anything-but takes a string, a number, or a list of strings only or of numbers only, not {shown(argument)}"
    )


def _read_anything_but_operator(source: object, at: Location) -> AnythingBut:
    operator, argument = _single_member(source, at)
    if operator not in {"prefix", "suffix", "equals-ignore-case", "wildcard"}:
        raise at.refusal(
            f"anything-but takes prefix, suffix, equals-ignore-case or wildcard inside, not {shown(operator)}"
        )
    texts = argument if isinstance(argument, list) else [argument]
    if not texts:
        raise at.refusal(f"anything-but {operator}: an empty list; name at least one string")
    if "" in texts and operator in {"prefix", "suffix"}:
        raise at.refusal(f'anything-but {operator} "" would exclude every string')
    strings = [_string(text, f"anything-but {operator}", at) for text in texts]
    excluded = (OPERATORS[operator](text, at) for text in strings)
    return AnythingBut(tuple(condition for condition in excluded if isinstance(condition, ValueCondition)))


def _read_all_of(argument: object, at: Location) -> AllOf:
    parts: list[ValueCondition | AnyOf | NoneOf] = []
    for part in _read_parts(argument, AllOf.operator, at):
        if not isinstance(part, (ValueCondition, AnyOf, NoneOf)):
            raise _not_taken(part, AllOf.operator, at)
        parts.append(part)
    return AllOf(tuple(parts))


def _read_any_of(argument: object, at: Location) -> AnyOf:
    parts: list[ValueCondition | NoneOf] = []
    for part in _read_parts(argument, AnyOf.operator, at):
        if not isinstance(part, (ValueCondition, NoneOf)):
            raise _not_taken(part, AnyOf.operator, at)
        parts.append(part)
    return AnyOf(tuple(parts))


def _read_none_of(argument: object, at: Location) -> NoneOf:
    parts: list[ValueCondition] = []
    for part in _read_parts(argument, NoneOf.operator, at):
        if not isinstance(part, ValueCondition):
            raise _not_taken(part, NoneOf.operator, at)
        parts.append(part)
    return NoneOf(tuple(parts))


def _read_parts(argument: object, operator: str, at: Location) -> list[Condition]:
    if not isinstance(argument, list) or not argument:
        raise at.refusal(f"{operator} takes a list of at least one condition, not {shown(argument)}")
    return [_read(part, at) for part in argument]


def _not_taken(part: Condition, operator: str, at: Location) -> InvalidPattern:
    return at.refusal(f"{operator} does not take {shown(part.as_json())}")


def _string(source: object, operator: str, at: Location) -> str:
    if not isinstance(source, str):
        raise at.refusal(f"{operator} takes a string, not {shown(source)}")
    return source


OPERATORS: dict[str, Callable[[object, Location], Condition]] = {
    "exactly": _read_exactly,
    "prefix": _read_prefix,
    "suffix": _read_suffix,
    "equals-ignore-case": _read_equals_ignore_case,
    "anything-but": _read_anything_but,
    "exists": _read_exists,
    "wildcard": _read_wildcard,
    "numeric": read_numeric,
    "cidr": _read_cidr,
    "all-of": _read_all_of,
    "any-of": _read_any_of,
    "none-of": _read_none_of,
}
"""How each operator's argument is read."""
