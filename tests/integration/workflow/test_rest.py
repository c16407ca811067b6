"""Transitions over HTTP: what may be done, doing it, and what each refusal is answered with."""

from types import SimpleNamespace

import pytest
from rest_framework.test import APIClient, APIRequestFactory, force_authenticate

from detent.workflow import AbortTransition
from detent.workflow.fields import StrayName
from detent.workflow.signals import transitioned
from tests.rest_urls import OpenOrderViewSet
from tests.shop.models import Letter, Order

REFUSED = {
    "type": "urn:problem-type:detent:transition-refused",
    "title": "Transition refused",
    "pending": [],
}
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.rest_urls")]


@pytest.fixture
def user(make_user):
    """Return a user without permissions."""
    return make_user("bob")


@pytest.fixture
def client(user):
    """Return a client that has logged in."""
    client = APIClient()
    client.force_login(user)
    return client


def post(client, order, transition, arguments=None, under="orders"):
    """Ask for a transition."""
    return client.post(f"/{under}/{order.pk}/transitions/{transition}/", arguments, format="json")


def test_the_transitions_of_an_object_are_listed_with_the_verdict_for_who_asks(client, make_order):
    response = client.get(f"/orders/{make_order().pk}/transitions/")
    assert response.status_code == 200
    place, cancel = response.json()
    assert place == {"name": "place", "allowed": True, "code": "", "detail": "", "pending": []}
    assert (cancel["name"], cancel["allowed"], cancel["code"]) == ("cancel", False, "permission")
    assert "which bob lacks" in cancel["detail"]


def test_a_check_that_needs_an_argument_is_listed_as_pending(client, make_order):
    pay, *_ = client.get(f"/orders/{make_order(state='placed').pk}/transitions/").json()
    assert pay == {"name": "pay", "allowed": True, "code": "", "detail": "", "pending": ["covers_the_total"]}


def test_a_transition_is_made_by_the_user_of_the_request_and_answered_with_the_object(client, user, make_order):
    order = make_order()
    response = post(client, order, "place")
    assert response.status_code == 200
    assert response.json() == {"id": order.pk, "customer": "C7", "reference": "", "state": "placed"}
    assert Order.objects.get().state == "placed"
    assert order.transition_logs.get().user == user


def test_a_transition_needs_no_body(client, make_order):
    response = client.post(f"/orders/{make_order().pk}/transitions/place/")
    assert (response.status_code, response.json()["state"]) == (200, "placed")


@pytest.mark.parametrize("amount", ["40.50", 40.5, 41])
def test_the_arguments_become_what_the_annotations_say(client, make_order, amount):
    response = post(client, make_order(state="placed"), "pay", {"amount": amount, "reference": "ch_1"})
    assert (response.status_code, response.json()["reference"]) == (200, "ch_1")


@pytest.mark.parametrize(
    ("arguments", "at_fault"),
    [
        ({}, "/amount"),
        ({"amount": "much"}, "/amount"),
        ({"amount": None}, "/amount"),
        ({"amount": 50, "reference": {}}, "/reference"),
        ({"amount": 50, "tip": 1}, "/tip"),
        ({"amount": 50, "self": 1}, "/self"),
        ([50], ""),
    ],
)
def test_arguments_that_do_not_fit_the_signature_are_a_bad_request(client, make_order, arguments, at_fault):
    response = post(client, make_order(state="placed"), "pay", arguments)
    assert response.status_code == 400
    [error] = response.json()["errors"]
    assert error["field"] == at_fault
    assert all(error.values()) or not at_fault
    assert Order.objects.get().state == "placed"


@pytest.mark.parametrize("name", ["instance", "transition", "from_state", "result", "using", "self"])
def test_a_transition_without_a_method_takes_no_argument_that_nothing_reads(client, make_order, name):
    assert post(client, make_order(), "place", {name: 1}).status_code == 400


def test_a_body_that_is_no_json_is_refused(client, make_order):
    url = f"/orders/{make_order().pk}/transitions/place/"
    assert client.post(url, "{", content_type="application/json").status_code == 400
    assert client.post(url, {"a": 1}, format="multipart").status_code == 415


def test_who_lacks_the_permission_gets_403_with_the_verdict(client, make_order):
    response = post(client, make_order(), "cancel")
    assert response.status_code == 403
    said = "Transition 'cancel' needs the permission 'shop.cancel_order', which bob lacks."
    fix = "Let someone make it who has the permission."
    assert response.json() == {
        **REFUSED,
        "status": 403,
        "detail": said,
        "errors": [{"field": "state", "reason": said, "fix": fix}],
        "code": "permission",
        "check": "",
        "state": "draft",
        "transition": "cancel",
    }
    assert Order.objects.get().state == "draft"


def test_who_has_the_permission_may(make_user, make_order):
    client = APIClient()
    client.force_login(make_user("ann", "cancel_order"))
    assert post(client, make_order(), "cancel").json()["state"] == "cancelled"


def test_the_wrong_state_is_a_conflict_whatever_the_arguments_are(client, make_order):
    response = post(client, make_order(), "pay", {"amount": "much"})
    assert response.status_code == 409
    said = "Transition 'pay' isn't available from state 'draft'."
    fix = "Make it from one of the states: placed."
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        **REFUSED,
        "status": 409,
        "detail": said,
        "errors": [{"field": "state", "reason": said, "fix": fix}],
        "code": "wrong_state",
        "check": "",
        "state": "draft",
        "transition": "pay",
    }


def test_a_check_that_refuses_is_a_conflict_that_names_the_check(client, make_order):
    response = post(client, make_order(state="placed"), "pay", {"amount": 10})
    assert response.status_code == 409
    body = response.json()
    assert (body["code"], body["check"]) == ("check", "covers_the_total")
    assert body["detail"] == "The amount does not cover the total."


def test_an_object_that_someone_else_moved_meanwhile_is_a_conflict(client, make_order, monkeypatch):
    order = make_order()

    def moved_after_it_was_read(view):
        found = Order.objects.get(pk=order.pk)
        Order.objects.filter(pk=order.pk).update(state="cancelled")
        return found

    monkeypatch.setattr("tests.rest_urls.OrderViewSet.get_object", moved_after_it_was_read)
    response = post(client, order, "place")
    assert (response.status_code, response.json()["code"]) == (409, "concurrent")
    assert Order.objects.get().state == "cancelled"


def test_a_hook_that_stops_the_transition_is_a_conflict_with_its_message(client, make_order):
    def stop(**_):
        raise AbortTransition("Not on a Sunday.")

    transitioned.connect(stop, sender=Order)
    try:
        response = post(client, make_order(), "place")
    finally:
        transitioned.disconnect(stop, sender=Order)
    assert response.status_code == 409
    body = response.json()
    assert (body["code"], body["detail"], body["state"]) == ("check", "Not on a Sunday.", "draft")
    assert Order.objects.get().state == "draft"


def test_a_transition_or_an_object_that_there_is_not_is_not_found(client, make_order):
    order = make_order()
    unknown = post(client, order, "fly")
    assert (unknown.status_code, unknown.json()["detail"]) == (404, "shop.Order has no transition 'fly'.")
    assert post(client, order, "save").status_code == 404
    assert post(client, SimpleNamespace(pk=order.pk + 1), "place").status_code == 404
    assert client.get(f"/orders/{order.pk + 1}/transitions/").status_code == 404


def test_an_argument_that_the_object_cannot_keep_is_a_bad_request():
    letter = Letter.objects.create(text="Dear")
    response = post(APIClient(), letter, "stamp", {"count": 10**30}, under="letters")
    assert (response.status_code, Letter.objects.get().state) == (400, "written")


def test_an_object_in_a_state_that_the_workflow_does_not_know_can_be_asked_about(client, make_order):
    order = make_order()
    Order.objects.update(state=StrayName("lost"))
    assert client.get(f"/orders/{order.pk}/transitions/").json() == []
    response = post(client, order, "place")
    assert (response.status_code, response.json()["code"]) == (409, "unknown_state")


def test_who_may_ask_at_all_is_for_the_permission_classes_to_say(make_order):
    order = make_order()
    assert post(APIClient(), order, "place").status_code == 403
    assert APIClient().get(f"/orders/{order.pk}/transitions/").status_code == 403
    assert Order.objects.get().state == "draft"


def test_an_anonymous_user_moves_what_needs_no_permission_and_is_refused_the_rest(make_order):
    order = make_order()
    refused = post(APIClient(), order, "cancel", under="open-orders")
    assert (refused.status_code, refused.json()["code"]) == (403, "permission")
    assert post(APIClient(), order, "place", under="open-orders").status_code == 200
    assert order.transition_logs.get().user is None


@pytest.mark.parametrize(
    ("method", "action", "named"),
    [("get", "transitions", {}), ("post", "transition", {"transition": "place"}), ("get", "history", {})],
)
def test_what_the_viewset_filters_out_cannot_be_reached(make_order, make_user, method, action, named):
    class NobodysOrders:
        def filter_queryset(self, request, queryset, view):
            return queryset.none()

    root = make_user("root")
    root.is_superuser = True
    request = getattr(APIRequestFactory(), method)("/")
    force_authenticate(request, root)

    class FilteredViewSet(OpenOrderViewSet):
        filter_backends = [NobodysOrders]

    view = FilteredViewSet.as_view({method: action}, **getattr(FilteredViewSet, action).kwargs)
    assert view(request, pk=make_order().pk, **named).status_code == 404
    assert Order.objects.get().state == "draft"


def test_a_request_without_any_user_is_nobodys_and_permissions_stand_against_it(make_order):
    order = make_order()

    class UserlessViewSet(OpenOrderViewSet):
        authentication_classes = []

        def initialize_request(self, request, *args, **kwargs):
            """Have no user, as where `UNAUTHENTICATED_USER` is None."""
            prepared = super().initialize_request(request, *args, **kwargs)
            prepared.user = None
            return prepared

    view = UserlessViewSet.as_view({"post": "transition"})
    refused = view(APIRequestFactory().post("/"), pk=order.pk, transition="cancel")
    assert (refused.status_code, refused.data["code"]) == (403, "permission")
    assert "which nobody lacks" in refused.data["detail"]
    assert view(APIRequestFactory().post("/"), pk=order.pk, transition="place").status_code == 200
    assert order.transition_logs.get().user is None


def test_an_argument_with_a_default_may_be_left_out():
    letter = Letter.objects.create(text="Dear")
    response = post(APIClient(), letter, "stamp", under="letters")
    assert response.json() == {"id": letter.pk, "stamps": 1, "state": "stamped"}
