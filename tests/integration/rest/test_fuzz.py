"""Whatever is sent to the endpoints of transitions, it is done or refused, and never an error of the server."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.shop.models import Letter, Order

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.rest_urls")]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
ARGUMENTS = st.dictionaries(st.sampled_from(["amount", "reference", "count", "self", "by"]) | st.text(max_size=4), JSON)
BODIES = st.one_of(ARGUMENTS.map(json.dumps), JSON.map(json.dumps)).map(str.encode) | st.binary(max_size=40)
HEADER = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=300)
PLACES = ["orders/{0}/transitions/pay", "orders/{0}/transitions/place", "letters/{1}/transitions/stamp"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    body=BODIES,
    place=st.sampled_from(PLACES),
    kind=st.sampled_from(["application/json", "application/json; charset=utf-16", "text/plain", ""]) | HEADER,
    headers=st.fixed_dictionaries({}, optional={"If-Match": HEADER, "Idempotency-Key": HEADER, "Accept": HEADER}),
)
def test_a_request_for_a_transition(client_of, make_order, django_user_model, body, place, kind, headers):
    django_user_model.objects.filter(username="bob").delete()
    client, order = client_of("bob"), make_order(state="placed")
    letter = Letter.objects.create(text="Dear")
    response = client.generic(
        "POST", f"/{place.format(order.pk, letter.pk)}/", body, content_type=kind, headers=headers
    )
    assert response.status_code in (200, 400, 403, 404, 406, 409, 412, 415)
    if response.status_code != 200:
        assert response.json()["errors"]
        assert Order.objects.get(pk=order.pk).state == "placed"
        assert Letter.objects.get(pk=letter.pk).state == "written"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(
    query=st.dictionaries(
        st.sampled_from(["cursor", "field", "page_size"]),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
    )
)
def test_a_request_for_a_history(client_of, make_order, django_user_model, query):
    django_user_model.objects.filter(username="ann").delete()
    order = make_order()
    order.place()
    response = client_of("ann", "view_order").get(f"/orders/{order.pk}/history/", query)
    assert response.status_code in (200, 400, 404)
