"""The history of an object over HTTP: which transitions, by whom, when, and why; page by page."""

import pytest
from django.contrib.auth.models import User

from detent.workflow.cause import caused_by
from tests.shop.models import Letter, Parcel

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.rest_urls")]


@pytest.fixture
def client(client_of):
    """Return the client of someone who may see orders and letters."""
    return client_of("ann", "view_order")


def test_each_transition_is_told_of_with_states_time_user_and_cause_the_latest_first(client, make_user, make_order):
    order = make_order()
    order.place.by(make_user("eve"))()
    with caused_by("delivery:17"):
        order.expire()
    last, first = client.get(f"/orders/{order.pk}/history/").json()["results"]
    assert (last["transition"], last["from"], last["to"]) == ("expire", "placed", "cancelled")
    assert (last["by"], last["cause"], last["field"]) == (None, "delivery:17", "state")
    assert (first["transition"], first["by"], first["cause"]) == ("place", "eve", None)
    assert first["at"] < last["at"]


def test_a_long_history_comes_in_pages(client, make_order):
    letter = Letter.objects.create(text="Dear", state="sent")
    for _ in range(60):
        letter.resend()
    User.objects.update(is_superuser=True)
    first = client.get(f"/letters/{letter.pk}/history/").json()
    second = client.get(first["next"]).json()
    assert [len(page["results"]) for page in (first, second)] == [50, 10]
    ids = [row["id"] for page in (first, second) for row in page["results"]]
    assert ids == sorted(ids, reverse=True)
    assert second["next"] is None


def test_a_page_costs_one_query_however_many_rows_it_has(client, make_user, make_order, django_assert_num_queries):
    orders = make_order(), make_order()
    for user in ("eve", "tom"):
        orders[1].place.by(make_user(user))()
        orders[1].expire()
        orders[1].state = "draft"
        orders[1].save()
    for order in orders:
        # Beside those for session, user and permissions.
        with django_assert_num_queries(6):
            client.get(f"/orders/{order.pk}/history/")


@pytest.mark.parametrize("cursor", ["x", "cD1ub3doZXI=", "cD0wMDAwLTAwLTAwIDAw", "cD0lMDA=", "bz0tMQ==", "é"])
def test_a_cursor_that_no_page_gave_is_refused(client, make_order, cursor):
    order = make_order()
    order.place()
    response = client.get(f"/orders/{order.pk}/history/", {"cursor": cursor})
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_who_may_neither_view_nor_change_such_objects_reads_no_history(client_of, make_order):
    order = make_order()
    response = client_of("bob").get(f"/orders/{order.pk}/history/")
    assert response.status_code == 403
    assert "shop.view_order" in response.json()["detail"]
    assert client_of("tom", "change_order").get(f"/orders/{order.pk}/history/").status_code == 200


def test_an_anonymous_user_reads_no_history(client, make_order):
    client.logout()
    assert client.get(f"/open-orders/{make_order().pk}/history/").status_code == 403


@pytest.fixture
def root(client_of, make_user):
    """Return the client of someone who may do everything."""
    client = client_of("root")
    User.objects.update(is_superuser=True)
    return client


def test_of_several_states_one_may_be_asked_for(root):
    parcel = Parcel.objects.create(code="P1")
    parcel.send()
    assert len(root.get("/parcels/P1/history/", {"field": "state"}).json()["results"]) == 1
    unknown = root.get("/parcels/P1/history/", {"field": "colour"})
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (400, "field")
    assert "state, label" in unknown.json()["errors"][0]["fix"]


def test_a_state_that_is_not_logged_has_no_history_and_says_so(root):
    Parcel.objects.create(code="P1")
    response = root.get("/parcels/P1/history/", {"field": "label"})
    assert (response.status_code, response.json()["type"]) == (404, "urn:problem-type:detent:no-history")


def test_an_object_whose_key_no_database_can_have_is_not_found(root):
    for key in ("%00", "%ed%a0%80", "x" * 3000):
        for end in ("history/", "transitions/"):
            assert root.get(f"/parcels/{key}/{end}").status_code == 404


def test_the_history_of_what_is_not_there_is_not_found(client, make_order):
    assert client.get(f"/orders/{make_order().pk + 1}/history/").status_code == 404


def test_the_other_actions_of_a_viewset_keep_the_projects_way_to_say_what_is_wrong(client):
    response = client.post("/orders/", {}, format="json")
    assert (response.status_code, response["Content-Type"]) == (400, "application/json")
    assert set(response.json()) == {"customer"}
