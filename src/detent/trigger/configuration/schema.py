"""JSON Schemas of configurations: what a rule of any type may say, and what is wrong with one that says otherwise."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

from jsonschema import Draft202012Validator, TypeChecker, ValidationError
from jsonschema.exceptions import best_match
from jsonschema.validators import extend

from detent.patterns.wording import shortened, shown
from detent.trigger.configuration import delivery_options
from detent.trigger.configuration.exceptions import InvalidTriggerRule, raise_all
from detent.trigger.configuration.nearest import nearest
from detent.trigger.configuration.window_schema import WINDOWS

Json = Mapping[str, Any]

MOST_ACTIONS = 100
LONGEST_REASON = 300

ACTIONS: dict[str, Any] = {
    "type": "array",
    "maxItems": MOST_ACTIONS,
    "items": {
        "type": "object",
        "required": ["action"],
        "additionalProperties": False,
        "properties": {
            "action": {"type": "string", "minLength": 1, "maxLength": 100},
            "input": {"type": "object"},
        },
    },
}


def _is_integer(_: TypeChecker, value: object) -> bool:
    """Tell a whole number as columns take it from 2.0, which JSON Schema lets pass."""
    return isinstance(value, int) and not isinstance(value, bool)


_Validator = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer)
)

COMMON: Draft202012Validator = _Validator(
    {"type": "object", "properties": {**WINDOWS, "actions": ACTIONS, "delivery": delivery_options.SCHEMA}},
)
"""What a configuration of any type may say, beside what the schema of its type has."""

COMMON_KEYS = frozenset({"actions", "delivery", *WINDOWS})


def check(configuration: Json, schema: Draft202012Validator) -> None:
    """Hold a configuration to the schema of its type, and what all types may say to the common one.

    Args:
        configuration: The configuration.
        schema: The schema of its type, which need not speak of `actions` and `delivery`.

    Raises:
        InvalidTriggerRule: It does not fit; the error names the most telling place, and carries the others.
    """
    common = {key: value for key, value in configuration.items() if key in COMMON_KEYS}
    own = {key: value for key, value in configuration.items() if key not in COMMON_KEYS}
    raise_all(
        _invalid(error) for part, validator in ((own, schema), (common, COMMON)) for error in _errors(part, validator)
    )
    delivery_options.check_delivery_options(common.get("delivery", {}))


def _errors(part: Json, validator: Draft202012Validator) -> list[ValidationError]:
    errors = list(validator.iter_errors(part))
    # Of a key that is mistyped, the one that is missing for it says less.
    first = next(filter(_is_about_a_key, errors), None) or best_match(errors)
    # The best match is often a part of one of the errors.
    whole = next((error for error in errors if first in (error, *_parts(error))), None)
    return [] if first is None else [first, *(error for error in errors if error is not whole)]


def _parts(error: ValidationError) -> Iterator[ValidationError]:
    for part in error.context or ():
        yield part
        yield from _parts(part)


def _is_about_a_key(error: ValidationError) -> bool:
    return error.validator == "additionalProperties"


def _invalid(error: ValidationError) -> InvalidTriggerRule:
    path = [str(part) for part in error.absolute_path]
    if not _is_about_a_key(error):
        return InvalidTriggerRule(_reason(error), ".".join(path))
    schema = cast("Json", error.schema)
    known = {*schema.get("properties", ()), *(() if path else COMMON_KEYS)}
    patterns = schema.get("patternProperties", ())
    unknown = next(
        key
        for key in cast("Json", error.instance)
        if key not in known and not any(re.search(pattern, key) for pattern in patterns)
    )
    near = nearest(unknown, known)
    keys = f"the keys are {', '.join(sorted(known))}"
    hint = f"the nearest is {near!r}; {keys}" if near else keys
    return InvalidTriggerRule(f"{shortened(unknown)!r} is not a key here; {hint}", ".".join([*path, unknown]))


def _reason(error: ValidationError) -> str:
    if error.validator == "const":
        return f"{shown(error.instance)} is not supported; write {shown(error.validator_value)}"
    if len(error.message) <= LONGEST_REASON:
        return error.message
    # Messages of the library begin with all of what does not fit.
    return f"{shown(error.instance)}{shortened(error.message.removeprefix(repr(error.instance)))}"
