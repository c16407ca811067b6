"""The settings schema of an action, from its annotations."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Literal, Optional

import pytest

from detent.trigger.actions.settings_schema import InvalidAction, settings_schema

if TYPE_CHECKING:
    from detent.trigger.models import Delivery


def schema_of(annotation: object) -> object:
    def function(delivery: object, *, value: object) -> None: ...

    function.__annotations__["value"] = annotation
    return settings_schema(function)["properties"]["value"]


@pytest.mark.parametrize(
    ("annotation", "schema"),
    [
        (str, {"type": "string"}),
        (int, {"type": "integer"}),
        (float, {"type": "number"}),
        (bool, {"type": "boolean"}),
        (object, {}),
        (list, {"type": "array"}),
        (dict, {"type": "object"}),
        (list[int], {"type": "array", "items": {"type": "integer"}}),
        (
            dict[str, list[str]],
            {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
        ),
        (Literal["a", 1], {"enum": ["a", 1]}),
        (int | None, {"anyOf": [{"type": "integer"}, {"type": "null"}]}),
        (Optional[str], {"anyOf": [{"type": "string"}, {"type": "null"}]}),  # noqa: UP045 (as users still write it)
        ("int | str", {"anyOf": [{"type": "integer"}, {"type": "string"}]}),
    ],
)
def test_each_understood_annotation_has_its_json_schema(annotation: object, schema: dict[str, object]) -> None:
    assert schema_of(annotation) == schema


def test_parameters_without_default_are_required_and_others_unknown_are_refused() -> None:
    def remind(delivery: object, *, order: int, tone: str = "plain") -> None: ...

    schema = settings_schema(remind)
    assert schema["required"] == ["order"]
    assert schema["additionalProperties"] is False


def test_the_annotation_of_the_delivery_need_not_be_importable() -> None:
    def remind(delivery: "Delivery", *, order: int) -> None: ...

    assert list(settings_schema(remind)["properties"]) == ["order"]


def no_delivery() -> None: ...


def no_annotation(delivery: object, *, order) -> None: ...  # type: ignore[no-untyped-def]


def foreign_type(delivery: object, *, day: date) -> None: ...


def foreign_member(delivery: object, *, days: list[date]) -> None: ...


def numbered_keys(delivery: object, *, names: dict[int, str]) -> None: ...


def unnamed(delivery: object, *orders: int) -> None: ...


def open_ended(delivery: object, **orders: int) -> None: ...


def unresolvable(delivery: object, *, order: "Nowhere") -> None: ...  # type: ignore[name-defined]  # noqa: F821


async def asynchronous(delivery: object) -> None: ...


@pytest.mark.parametrize(
    ("function", "named"),
    [
        (no_delivery, "delivery"),
        (no_annotation, "order"),
        (foreign_type, "day"),
        (foreign_member, "days"),
        (numbered_keys, "names"),
        (unnamed, "orders"),
        (open_ended, "orders"),
        (unresolvable, "Nowhere"),
        (asynchronous, "async"),
    ],
)
def test_a_function_that_cannot_be_an_action_is_refused_by_name(function: Callable[..., None], named: str) -> None:
    with pytest.raises(InvalidAction) as caught:
        settings_schema(function)
    assert function.__name__ in str(caught.value)
    assert named in str(caught.value)
