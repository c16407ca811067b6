"""The reference of the REST API keeps its word: its bodies are taken, and its tables have every route."""

import json
import re

import pytest

from tests.child import ROOT
from tests.integration.delivery.factories import make_delivery
from tests.integration.rest.clients import post, superclient
from tests.integration.rest.test_permissions import ROUTES, TO_ALL_WHO_LOGGED_IN

pytestmark = [pytest.mark.urls("tests.integration.rest.urls"), pytest.mark.django_db]
PAGE = (ROOT / "docs" / "reference" / "rest.md").read_text()


def test_the_bodies_of_the_reference_are_taken() -> None:
    """Each by the endpoint of which it is an example."""
    make_delivery("emit", state="dead")
    client = superclient()
    rule, sample, replay, choice = [
        json.loads(text) for text in re.findall(r"^```json\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    ]
    assert post(client, "rules/validate/", rule).json()["valid"]
    made = post(client, "rules/", rule).json()
    assert post(client, f"rules/{made['id']}/test/", sample).json()["triggered"]
    assert post(client, "events/replay/", replay).json()["is_complete"]
    assert len(post(client, "deliveries/redrive/", choice).json()["moved"]) == 1


def test_every_route_stands_in_the_reference() -> None:
    """But for that of occurrences, which has a page of its own."""
    told = PAGE.partition("## The permissions of a rule's author")[0]
    for _method, path, *_rest in [*ROUTES, *TO_ALL_WHO_LOGGED_IN]:
        shown = re.sub(r"shop\.order\.state|\{\}", "{id}", path)
        if shown != "occurrences/":
            assert f"`{shown}`" in told or f"T {shown}`" in told or f"`{shown.rpartition('{id}/')[2]}`" in told, shown
