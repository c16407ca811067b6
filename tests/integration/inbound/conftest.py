"""What the tests of occurrences over HTTP share."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from rest_framework.test import APIClient

from tests.integration.inbound.sending import OTHER, SECRET


@pytest.fixture(autouse=True)
def project(settings, db) -> Iterator[None]:
    """Let two senders be known, every occurrence be kept, and nobody be counted from another test."""
    settings.ROOT_URLCONF = "tests.rest_urls"
    settings.DETENT = {
        "RECORD_UNMATCHED": True,
        "SENDERS": {
            "till": {"secrets": [SECRET, OTHER]},
            "bank": {"secrets": ["whsec_" + "ZGRk" * 8], "sources": ["bank"], "types": ["transfer.*"]},
        },
    }
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def client() -> APIClient:
    """Return the client of a user who may send occurrences."""
    user = User.objects.create_user("ann")
    user.user_permissions.add(Permission.objects.get(codename="add_occurrence"))
    client = APIClient()
    client.force_login(user)
    return client
