"""Who may do what over HTTP: every route, for whoever has not logged in and for whoever lacks a permission."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import resolve
from rest_framework.test import APIClient

from detent.trigger import Delivery, TriggerEvent, TriggerRule
from detent.trigger.urls import urlpatterns
from tests.integration.delivery.factories import make_delivery
from tests.integration.rest.clients import CREATE, client_with, faults, post
from tests.integration.trigger.factories import event_rule

pytestmark = [pytest.mark.urls("tests.integration.rest.urls"), pytest.mark.django_db]

SEE_RULES, SEE_EVENTS, SEE_DELIVERIES = (f"trigger.view_{kind}" for kind in ("triggerrule", "triggerevent", "delivery"))
ADD, CHANGE = "trigger.add_triggerrule", "trigger.change_triggerrule"
RULE = {"type": "EVENT", "configuration": CREATE}

# Method, path, body, and the permissions that it takes, all of them; {} is the key of a row.
ROUTES: list[tuple[str, str, Any, set[str]]] = [
    ("get", "rules/", None, {SEE_RULES}),
    ("post", "rules/", RULE, {SEE_RULES, ADD}),
    ("get", "rules/{}/", None, {SEE_RULES}),
    ("get", "rules/{}/history/", None, {SEE_RULES}),
    ("get", "rules/export/", None, {SEE_RULES}),
    ("post", "rules/import/", {"rules": [{"name": "a", **RULE}]}, {SEE_RULES, ADD}),
    ("post", "rules/validate/", RULE, {SEE_RULES}),
    ("post", "rules/{}/test/", {"document": {"type": "a"}}, {SEE_RULES}),
    ("post", "rules/{}/revise/", {"configuration": CREATE}, {SEE_RULES, CHANGE}),
    ("post", "rules/{}/pause/", None, {SEE_RULES, CHANGE}),
    ("post", "rules/{}/resume/", None, {SEE_RULES, CHANGE}),
    ("post", "rules/{}/archive/", None, {SEE_RULES, CHANGE}),
    ("get", "events/", None, {SEE_EVENTS}),
    ("get", "events/{}/", None, {SEE_EVENTS, SEE_RULES}),
    (
        "post",
        "events/replay/",
        {"all": True},
        {SEE_EVENTS, SEE_RULES, "trigger.view_occurrence", "trigger.replay_occurrence"},
    ),
    ("get", "deliveries/", None, {SEE_DELIVERIES}),
    ("get", "deliveries/{}/", None, {SEE_DELIVERIES}),
    ("get", "deliveries/{}/attempts/", None, {SEE_DELIVERIES}),
    ("post", "deliveries/{}/cancel/", None, {SEE_DELIVERIES, "trigger.cancel_delivery"}),
    ("post", "deliveries/{}/redrive/", None, {SEE_DELIVERIES, "trigger.redrive_delivery"}),
    ("post", "deliveries/cancel/", {"all": True}, {SEE_DELIVERIES, "trigger.cancel_delivery"}),
    ("post", "deliveries/redrive/", {"all": True}, {SEE_DELIVERIES, "trigger.redrive_delivery"}),
    ("post", "occurrences/", {"type": "a", "source": "b"}, {"trigger.add_occurrence"}),
    ("get", "workflows/shop.order.state/", None, {"shop.view_order"}),
    ("get", "workflows/shop.order.state/diagram/", None, {"shop.view_order"}),
    ("get", "workflows/shop.order.state/counts/", None, {"shop.view_order"}),
]
TO_ALL_WHO_LOGGED_IN = [("get", "workflows/"), ("get", "schema/")]


def asked(client: APIClient, method: str, path: str, body: Any) -> Any:
    """Ask for a route, its key that of a row that is there."""
    rule = TriggerRule.objects.first() or event_rule(name="there")
    delivery = Delivery.objects.first() or make_delivery("emit", state="dead")
    TriggerEvent.objects.filter(pk=delivery.event_id).update(rule=rule)
    key = {"rules": rule.pk, "events": delivery.event_id, "deliveries": delivery.pk}.get(path.partition("/")[0])
    return getattr(client, method)(f"/triggers/{path.format(key)}", body, format="json" if method == "post" else None)


def changed() -> bool:
    """Tell whether anything was done to the rule or the delivery."""
    rule, delivery = TriggerRule.objects.get(), Delivery.objects.get()
    return not (rule.is_active and rule.name == "there" and delivery.state == "dead")


def test_every_route_stands_here() -> None:
    """One that is added has to say here what it takes."""
    paths = [path.format(7) for _method, path, *_rest in [*ROUTES, *TO_ALL_WHO_LOGGED_IN]]
    named = {resolve(f"/triggers/{path}").route.removeprefix("triggers/") for path in paths}
    assert named == {str(route.pattern).removeprefix("^") for route in urlpatterns}


@pytest.mark.parametrize(("method", "path", "body", "needed"), ROUTES)
def test_who_has_not_logged_in_gets_nothing(method: str, path: str, body: Any, needed: set[str]) -> None:
    """Whatever the route."""
    response = asked(APIClient(), method, path, body)
    assert response.status_code in (401, 403)
    assert faults(response) == ["Authorization"]
    assert not changed()


@pytest.mark.parametrize(("method", "path", "body", "needed"), ROUTES)
def test_who_lacks_one_of_the_permissions_gets_nothing(method: str, path: str, body: Any, needed: set[str]) -> None:
    """Each of them is needed, whatever else one holds; with all of them it is done."""
    user = User.objects.create_user("ann")
    client = APIClient()
    everything = Permission.objects.all()
    for lacking in sorted(needed):
        app_label, codename = lacking.split(".")
        user.user_permissions.set(everything.exclude(content_type__app_label=app_label, codename=codename))
        client.force_login(user)
        response = asked(client, method, path, body)
        assert response.status_code == 403, lacking
        assert not changed()
    holder = client_with(*needed, name="bob")
    assert asked(holder, method, path, body).status_code in (200, 201, 202)


@pytest.mark.parametrize(("method", "path"), TO_ALL_WHO_LOGGED_IN)
def test_some_routes_only_ask_who_one_is(method: str, path: str) -> None:
    """The list of workflows, in which everybody finds their own, and the description of the interface."""
    assert getattr(APIClient(), method)(f"/triggers/{path}").status_code in (401, 403)
    assert getattr(client_with(), method)(f"/triggers/{path}").status_code == 200


EMITTING = {**CREATE, "actions": [{"action": "emit", "input": {"type": "order.seen"}}]}


@pytest.mark.parametrize("path", ["rules/", "rules/{}/revise/"])
def test_the_author_of_a_rule_needs_the_permission_of_each_action(path: str) -> None:
    """To make rules is not to have anything done."""
    rule = event_rule(name="there")
    author = client_with(SEE_RULES, ADD, CHANGE)
    body = {"configuration": EMITTING, **({"type": "EVENT"} if path == "rules/" else {})}
    response = post(author, path.format(rule.pk), body)
    assert (response.status_code, faults(response)) == (403, ["/configuration/actions/0"])
    assert "trigger.use_emit_action" in response.json()["errors"][0]["fix"]
    assert TriggerRule.objects.get().is_active
    emitter = client_with(SEE_RULES, ADD, CHANGE, "trigger.use_emit_action", name="bob")
    assert post(emitter, path.format(rule.pk), body).status_code == 201


def test_validation_says_which_permissions_the_author_lacks() -> None:
    """Before the rule is made."""
    author = client_with(SEE_RULES)
    said = post(author, "rules/validate/", {"type": "EVENT", "configuration": EMITTING}).json()
    assert said == {"valid": True, "errors": [], "permissions": ["trigger.use_emit_action"]}


def test_who_logged_in_by_a_cookie_needs_the_token_against_forgery() -> None:
    """As djangorestframework has it; the method that only reads does not."""
    rule = event_rule()
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("root"))
    assert client.get(f"/triggers/rules/{rule.pk}/").status_code == 200
    path, json = f"/triggers/rules/{rule.pk}/archive/", "application/json"
    refused = client.post(path, content_type=json)
    assert refused.status_code == 403
    assert "CSRF" in refused.json()["detail"]
    client.cookies["csrftoken"] = token = "a" * 32
    assert client.post(path, content_type=json, headers={"X-CSRFToken": token}).status_code == 200
    rule.refresh_from_db()
    assert rule.archived is not None
