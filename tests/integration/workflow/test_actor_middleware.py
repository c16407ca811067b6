"""Who sends a request acts in the transitions made while it is answered, synchronous or not."""

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import AsyncClient
from django.urls import path

from detent.workflow import current_actor
from detent.workflow.actor import ActorMiddleware
from tests.shop.models import Order

pytestmark = pytest.mark.django_db


def make(request, pk, transition):
    getattr(Order.objects.get(pk=pk), transition)()
    return HttpResponse()


async def make_later(request, pk, transition):
    order = await Order.objects.aget(pk=pk)
    await sync_to_async(getattr(order, transition))()
    return HttpResponse()


def fail(request):
    raise LookupError


urlpatterns = [
    path("now/<int:pk>/<transition>/", make),
    path("later/<int:pk>/<transition>/", make_later),
    path("fail/", fail),
]


@pytest.fixture(autouse=True)
def project(settings):
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "detent.workflow.actor.ActorMiddleware"]


@pytest.mark.parametrize("view", ["now", "later"])
def test_who_sends_the_request_stands_in_the_log(client, make_order, make_user, view):
    order, user = make_order(), make_user("ann")
    client.force_login(user)
    assert client.get(f"/{view}/{order.pk}/place/").status_code == 200
    assert order.transition_logs.get().user == user
    assert current_actor() is None


@pytest.mark.parametrize("view", ["now", "later"])
@pytest.mark.parametrize(("codenames", "status"), [((), 403), (("cancel_order",), 200)])
def test_who_lacks_the_permission_is_answered_with_403(client, make_order, make_user, view, codenames, status):
    order = make_order()
    client.force_login(make_user("ann", *codenames))
    assert client.get(f"/{view}/{order.pk}/cancel/").status_code == status
    assert Order.objects.get().state == ("cancelled" if status == 200 else "draft")


@pytest.mark.parametrize("view", ["now", "later"])
def test_a_stranger_is_refused_what_needs_a_permission_and_logged_as_no_one(client, make_order, view):
    order = make_order()
    assert client.get(f"/{view}/{order.pk}/cancel/").status_code == 403
    assert client.get(f"/{view}/{order.pk}/place/").status_code == 200
    assert order.transition_logs.get().user is None


def test_no_one_acts_any_more_once_a_view_has_failed(client, make_user):
    client.force_login(make_user("ann"))
    with pytest.raises(LookupError):
        client.get("/fail/")
    assert current_actor() is None


def test_a_request_without_a_user_says_where_the_middleware_belongs():
    with pytest.raises(ImproperlyConfigured, match="put it below AuthenticationMiddleware"):
        ActorMiddleware(lambda _: HttpResponse())(HttpRequest())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("view", ["now", "later"])
def test_an_asynchronous_server_is_served_alike(make_order, make_user, view):
    order, user, client = make_order(), make_user("ann"), AsyncClient()
    client.force_login(user)
    response = async_to_sync(client.get)(f"/{view}/{order.pk}/place/")
    assert (response.status_code, order.transition_logs.get().user) == (200, user)
