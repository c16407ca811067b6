"""What the tests of the workflow floor share: orders, users, and the ways in which a row is written."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models.signals import pre_save

from detent.workflow import transitioned
from detent.workflow.statements import compiled
from tests.shop.models import Order, messages


@pytest.fixture
def make_order() -> Callable[..., Order]:
    """Return a function that makes an order."""

    def make(**values: Any) -> Order:
        return Order.objects.create(**{"customer": "C7", "total": Decimal("40.00"), **values})

    return make


@pytest.fixture
def make_user() -> Callable[..., User]:
    """Return a function that makes a user who has the named permissions of the shop."""

    def make(name: str, *codenames: str) -> User:
        user = User.objects.create_user(name)
        for codename in codenames:
            order = ContentType.objects.get_for_model(Order)
            permission, _ = Permission.objects.get_or_create(codename=codename, content_type=order)
            user.user_permissions.add(permission)
        return User.objects.get(pk=user.pk)

    return make


# Only PostgreSQL moves and logs in one statement, and so has two ways to do it.
WRITE_PATHS = ["compiled", *(["two statements"] if connection.vendor == "postgresql" else []), "save()"]


@pytest.fixture(params=WRITE_PATHS)
def write_path(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Let rows be written by the statements that are compiled for the database, by two of them, and by `save()`."""

    def receiver(**_: object) -> None:
        """Listen, which is what makes `save()` necessary."""

    if request.param == "two statements":
        monkeypatch.setattr(compiled, "_together", lambda *_: "")
        compiled.moving.cache_clear()
    if request.param == "save()":
        pre_save.connect(receiver)
    yield request.param
    pre_save.disconnect(receiver)
    if request.param == "two statements":
        compiled.moving.cache_clear()


@pytest.fixture
def told() -> list[str]:
    """Return the messages to customers, emptied."""
    messages.clear()
    return messages


@pytest.fixture
def announced() -> Iterator[list[dict[str, Any]]]:
    """Return what the signal `transitioned` announces: its arguments, for each time that it is sent."""
    sent: list[dict[str, Any]] = []

    def receiver(sender: Any, **arguments: Any) -> None:
        sent.append({**arguments, "sender": sender})

    transitioned.connect(receiver)
    yield sent
    transitioned.disconnect(receiver)
