"""Who acts: whose permissions count and whom the log names."""

import asyncio

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from detent.workflow import ForbiddenTransition, TransitionNotPermitted, acting, current_actor
from detent.workflow.actor import ActorMiddleware
from tests.shop.models import Order

pytestmark = pytest.mark.django_db


def test_who_lacks_the_permission_is_refused(make_order, make_user):
    order, user = make_order(), make_user("bob")
    with pytest.raises(
        TransitionNotPermitted, match=r"needs the permission 'shop.cancel_order', which bob lacks"
    ) as no:
        order.cancel.by(user)()
    assert isinstance(no.value, PermissionDenied | ForbiddenTransition)
    assert (no.value.verdict.code, order.cancel.by(user).explain().code) == ("permission", "permission")
    assert (no.value.permission, no.value.actor, no.value.instance) == ("shop.cancel_order", user, order)
    assert (order.state, Order.objects.get().state) == ("draft", "draft")


def test_who_has_the_permission_moves_the_object_and_stands_in_the_log(make_order, make_user):
    order, user = make_order(), make_user("ann", "cancel_order")
    order.cancel.by(user)()
    assert order.transition_logs.get().user == user


def test_a_permission_for_the_one_object_is_enough(make_order, make_user, monkeypatch):
    order, user = make_order(), make_user("ann")
    monkeypatch.setattr(user, "has_perm", lambda permission, obj=None: obj is order)
    order.cancel.by(user)()
    assert order.state == "cancelled"


class OwnOrders:
    """Lets people do anything with orders in their own name, and with those alone."""

    def authenticate(self, request):
        return None

    def has_perm(self, user, permission, obj=None):
        return obj is not None and obj.customer == user.username


def test_a_backend_may_permit_a_transition_of_some_objects_only(make_order, make_user, settings):
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", f"{__name__}.OwnOrders"]
    own, other = make_order(customer="ann"), make_order(customer="bob")
    with acting(user=make_user("ann")):
        own.cancel()
        with pytest.raises(TransitionNotPermitted, match="which ann lacks"):
            other.cancel()
    assert (own.state, other.state) == ("cancelled", "draft")


def test_inside_no_one_acts_where_that_is_said(make_order, make_user):
    order = make_order()
    with acting(user=make_user("bob")), acting(user=None):
        order.cancel()
    assert order.transition_logs.get().user is None


def test_no_permission_is_asked_for_where_no_one_acts(make_order):
    order = make_order()
    order.cancel()
    assert order.transition_logs.get().user is None


def test_the_acting_user_counts_for_everything_inside_unless_another_is_named(make_order, make_user):
    ann, bob, order = make_user("ann", "cancel_order"), make_user("bob"), make_order()
    with acting(user=bob):
        with pytest.raises(TransitionNotPermitted):
            order.cancel()
        with acting(user=ann):
            assert order.cancel.is_available()
        order.place()
        order.cancel.by(ann)()
    assert [log.user.username for log in order.transition_logs.order_by("pk")] == ["bob", "ann"]
    assert current_actor() is None


def test_a_stranger_is_refused_what_needs_a_permission_and_logged_as_no_one(make_order):
    order = make_order()
    with acting(user=AnonymousUser()):
        order.place()
        assert not order.cancel.is_available()
    assert order.transition_logs.get().user is None


def test_available_transitions_are_those_of_who_is_named(make_order, make_user):
    order, bob = make_order(), make_user("bob")
    verdicts = {verdict.transition: verdict.code for verdict in order.available_transitions(by=bob)}
    assert verdicts == {"place": "", "cancel": "permission"}


def test_the_middleware_lets_the_user_of_a_request_act(make_user):
    request = HttpRequest()
    request.user = make_user("ann")
    response = ActorMiddleware(lambda _: HttpResponse(current_actor().username))(request)
    assert response.content == b"ann"
    assert current_actor() is None


def test_the_middleware_lets_the_user_of_an_asynchronous_request_act(make_user):
    async def view(_: HttpRequest) -> HttpResponse:
        await asyncio.sleep(0)
        return HttpResponse(current_actor().username)

    request = HttpRequest()
    request.user = make_user("ann")
    assert asyncio.run(ActorMiddleware(view)(request)).content == b"ann"
    assert current_actor() is None


def test_a_deleted_user_leaves_the_log(make_order, make_user):
    order, user = make_order(), make_user("ann")
    order.place.by(user)()
    user.delete()
    assert order.transition_logs.get().user is None
