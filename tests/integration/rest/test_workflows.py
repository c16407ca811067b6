"""Workflows over HTTP: what each allows, its picture, and where objects stand in it."""

import pytest
from django.db import connection
from rest_framework.test import APIClient

from tests.integration.rest.clients import client_with, faults, get, superclient
from tests.shop.models import Order

pytestmark = [pytest.mark.urls("tests.integration.rest.urls"), pytest.mark.django_db]
PATH = "workflows/shop.order.state/"


@pytest.fixture
def client() -> APIClient:
    """Return the client of someone who may see orders and nothing else."""
    return client_with("shop.view_order")


def test_the_workflows_of_the_models_that_one_may_see_are_listed(client: APIClient) -> None:
    """With what names each."""
    listed = get(client, "workflows/").json()
    assert listed == [{"id": "shop.order.state", "model": "shop.order", "field": "state", "workflow": "OrderWorkflow"}]
    everything = {workflow["id"] for workflow in get(superclient(), "workflows/").json()}
    assert everything > {"shop.order.state", "trigger.delivery.state"}


def test_a_workflow_is_shown_with_its_states_and_transitions(client: APIClient) -> None:
    """As it is declared."""
    shown = get(client, PATH).json()
    assert shown["initial_state"] == "draft"
    assert {"name": "shipped", "title": "Shipped", "final": True} in shown["states"]
    transitions = {transition["name"]: transition for transition in shown["transitions"]}
    assert transitions["cancel"]["permission"] == "shop.cancel_order"
    assert transitions["cancel"]["source"] == ["draft", "placed", "review"]
    assert (transitions["expire"]["target"], transitions["expire"]["timeout"]) == ("cancelled", 3 * 24 * 3600)


@pytest.mark.parametrize(
    ("form", "media_type", "beginning"),
    [
        ("svg", "image/svg+xml", "<svg"),
        ("mermaid", "text/vnd.mermaid", "---"),
        ("dot", "text/vnd.graphviz", "digraph"),
    ],
)
def test_a_workflow_is_drawn_as_one_asks(client: APIClient, form: str, media_type: str, beginning: str) -> None:
    """By the header or by the address."""
    by_address = get(client, f"{PATH}diagram/", format=form)
    by_header = client.get(f"/triggers/{PATH}diagram/", headers={"Accept": media_type})
    for answer in (by_address, by_header):
        assert answer["Content-Type"] == f"{media_type}; charset=utf-8"
        assert answer.content.decode().startswith(beginning)


def test_a_picture_that_nobody_can_draw_is_refused_as_a_problem(client: APIClient) -> None:
    """By the address and by the header."""
    assert faults(get(client, f"{PATH}diagram/", format="png"))
    assert faults(client.get(f"/triggers/{PATH}diagram/", headers={"Accept": "image/png"})) == ["Accept"]


def test_the_objects_in_each_state_are_counted(client: APIClient) -> None:
    """Those in a state that the workflow does not have apart."""
    for state in ("draft", "draft", "paid"):
        Order.objects.create(customer="C7", total=5, state=state)
    lost = Order.objects.create(customer="C7", total=5)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE shop_order SET state = 'lost' WHERE id = %s", [lost.pk])
    counted = get(client, f"{PATH}counts/").json()
    assert counted["unknown"] == {"lost": 1}
    assert {state: count for state, count in counted["counts"].items() if count} == {"draft": 2, "paid": 1}


@pytest.mark.parametrize("what", ["", "diagram/", "counts/"])
def test_a_workflow_of_a_model_that_one_may_not_see_is_not_shown(client: APIClient, what: str) -> None:
    """Nor one that there is not."""
    assert get(client, f"workflows/trigger.delivery.state/{what}").status_code == 403
    for unknown in ("shop.order", "shop.order.status", "x", "shop.order.state.more"):
        response = get(client, f"workflows/{unknown}/{what}")
        assert (response.status_code, faults(response)) == (404, ["path"])
