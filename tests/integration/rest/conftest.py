"""What the tests of the REST interface share: orders, users, and clients that have logged in."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from tests.integration.workflow.conftest import make_order, make_user

__all__ = ["client_of", "make_order", "make_user"]


@pytest.fixture
def client_of(make_user: Callable[..., User]) -> Callable[..., APIClient]:
    """Return a function that makes a client of a user who has the named permissions of the shop."""

    def make(name: str, *codenames: str) -> APIClient:
        client = APIClient()
        client.force_login(make_user(name, *codenames))
        return client

    return make
