"""What a request may give to a transition: read by the annotations of the functions that name it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import pytest
from rest_framework.exceptions import ValidationError

from detent.machine.hooks import Hook
from detent.workflow import ModelTransition
from detent.workflow.rest.arguments import ArgumentsSerializer
from tests.shop.models import Order

KEY = "6f8f1f4e-7c51-4ad0-9b9e-0d3b8f2a5c11"


def serializer_for(function: Any, given: Any, **hooks: list[Hook]) -> ArgumentsSerializer:
    """Read arguments for a transition that a function implements."""
    order, workflow = Order(), Order._workflows["state"].workflow
    move = ModelTransition(order, "state", workflow.transitions["place"], workflow, function, hooks)
    return ArgumentsSerializer(move, data=given)


def read(annotation: Any, given: Any) -> Any:
    """Read one argument; return what a transition would be called with."""

    def implementation(order: Order, value: Any) -> None:
        """Do nothing."""

    implementation.__annotations__["value"] = annotation
    serializer = serializer_for(implementation, {"value": given})
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data["value"]


@pytest.mark.parametrize(
    ("annotation", "given", "value"),
    [
        (Decimal, "40.50", Decimal("40.50")),
        ("Decimal", 40.5, Decimal("40.5")),
        (int, 3, 3),
        (float, 3, 3.0),
        (bool, False, False),
        (str, " as it is ", " as it is "),
        (str, "", ""),
        (date, "2026-11-22", date(2026, 11, 22)),
        (datetime, "2026-11-22T10:00:00Z", datetime(2026, 11, 22, 10, tzinfo=UTC)),
        (timedelta, "00:00:30", timedelta(seconds=30)),
        (UUID, KEY, UUID(KEY)),
        (Literal["plain", "friendly"], "plain", "plain"),
        (Decimal | None, None, None),
        (Decimal | None, "1", Decimal(1)),
        (list[int], [1, 2], [1, 2]),
        (dict[str, Any], {"a": None}, {"a": None}),
        (Any, None, None),
    ],
)
def test_a_value_becomes_what_the_annotation_says(annotation: Any, given: Any, value: Any) -> None:
    """And where JSON has that type, or the annotation says nothing of it, stays as it is."""
    got = read(annotation, given)
    assert (got, type(got)) == (value, type(value))


@pytest.mark.parametrize(
    ("annotation", "given"),
    [(Decimal, "NaN"), (Decimal, None), (int, 1.5), (int, []), (date, "soon"), (Literal["plain"], "rude"), (str, "\0")],
)
def test_a_value_that_the_annotation_does_not_allow_is_refused(annotation: Any, given: Any) -> None:
    """With the name of the argument."""
    with pytest.raises(ValidationError, match="value"):
        read(annotation, given)


def weighed(order: Order, *, weight: int) -> bool:
    """Whether the order is light."""
    return weight < 10


def test_a_transition_that_takes_any_keyword_is_given_what_its_checks_name() -> None:
    """Which it must be given, as the check cannot do without."""

    def implementation(order: Order, *args: object, **kwargs: object) -> None:
        """Do nothing."""

    check = Hook("check", weighed, "place")
    assert serializer_for(implementation, {"weight": "7"}, check=[check]).is_valid()
    without = serializer_for(implementation, {}, check=[check])
    assert not without.is_valid()
    assert list(without.errors) == ["weight"]


def test_the_annotation_of_the_implementation_goes_before_that_of_a_check() -> None:
    """Both name the argument, and a default of the implementation makes it one that may be left out."""

    def implementation(order: Order, weight: Decimal = Decimal(1), **kwargs: object) -> None:
        """Do nothing."""

    check = Hook("check", weighed, "place")
    assert serializer_for(implementation, {}, check=[check]).is_valid()
    given = serializer_for(implementation, {"weight": 2}, check=[check])
    assert given.is_valid()
    assert isinstance(given.validated_data["weight"], Decimal)
