"""Endpoints in the settings."""

import base64
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from detent.settings import InvalidSetting, complaints
from detent.trigger.checks import check_webhooks
from detent.trigger.webhook.endpoint import UnknownEndpoint, endpoint

SECRET = "whsec_" + base64.b64encode(b"s" * 24).decode()
GOOD = {"url": "https://example.com/hooks", "secrets": [SECRET]}


def test_an_endpoint_is_found_by_name(settings: Settings) -> None:
    settings.DETENT = {"WEBHOOKS": {"finance": GOOD}}
    assert (endpoint("finance").place.hostname, endpoint("finance").timeout) == ("example.com", 10)


def test_an_unknown_name_is_refused_with_the_known_ones(settings: Settings) -> None:
    settings.DETENT = {"WEBHOOKS": {"finance": GOOD}}
    with pytest.raises(UnknownEndpoint, match="has finance"):
        endpoint("finanze")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"url": None}, "url must be one with https"),
        ({"url": "ftp://example.com"}, "url must be one with https"),
        ({"url": "https://"}, "url must be one with https"),
        ({"url": "https://[::1"}, "url must be one with https"),
        ({"url": "http://example.com"}, "http is for endpoints with allow_private"),
        ({"url": "https://alice:pass@example.com"}, "must not hold a user"),
        ({"secrets": []}, "at least one secret"),
        ({"secrets": SECRET}, "at least one secret"),
        ({"secrets": [SECRET, "hunter2"]}, "secret 2 cannot be used"),
        ({"timeout": 0}, "timeout must be"),
        ({"timeout": True}, "timeout must be"),
        ({"allow_private": "yes"}, "allow_private must be"),
        ({"retries": 3}, "'retries' is none of url"),
    ],
)
def test_an_entry_that_cannot_be_used_is_refused_at_start_and_at_use(
    settings: Settings, change: dict[str, Any], said: str
) -> None:
    settings.DETENT = {"WEBHOOKS": {"finance": {**GOOD, **change}}}
    (found,) = check_webhooks(None)
    assert (found.id, said in found.msg) == ("detent.E301", True)
    with pytest.raises(InvalidSetting, match="finance"):
        endpoint("finance")


def test_no_complaint_shows_a_secret(settings: Settings) -> None:
    settings.DETENT = {"WEBHOOKS": {"finance": {**GOOD, "secrets": ["hunter2", SECRET], "url": "http://x"}}}
    said = " ".join(found.msg for found in check_webhooks(None))
    assert "hunter2" not in said
    assert SECRET not in said
    assert "hunter2" not in str(complaints({"WEBHOOKS": ["hunter2"]}))


def test_an_endpoint_does_not_show_its_secrets(settings: Settings) -> None:
    settings.DETENT = {"WEBHOOKS": {"finance": GOOD}}
    assert SECRET not in repr(endpoint("finance"))
