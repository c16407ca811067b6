"""What is taken in: all or nothing, once committed, from those who may, and no more than may be."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient, APIRequestFactory

from detent.trigger import TriggerEvent
from detent.trigger.inbound.view import OccurrenceView
from detent.trigger.models import Occurrence
from tests.integration.inbound.sending import BATCH, EVENT, ONE, URL, send, send_signed
from tests.integration.trigger.factories import event_rule

PLAIN = {"type": "order.paid", "source": "shop"}


@pytest.mark.django_db(transaction=True)
def test_the_answer_comes_after_the_commit(client):
    event_rule("order.paid")
    assert send(client, {**PLAIN, "id": "1"}).status_code == 202
    assert not connection.in_atomic_block
    assert TriggerEvent.objects.get().occurrence.identifier == "1"


def test_what_was_taken_in_before_is_told_as_a_duplicate(client):
    send(client, EVENT, ONE)
    response = send(client, [EVENT, {**EVENT, "id": "e2"}], BATCH)
    assert response.json() == {"received": 1, "duplicates": 1}
    assert Occurrence.objects.count() == 2


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"type": ""}, "/3/type"),
        ({"time": "now"}, "/3/time"),
        ({"data": {"total": {"deep": "x" * 300_000}}}, "/3/data"),
        ({"source": "x" * 256}, "/3/source"),
    ],
)
def test_of_a_batch_with_a_bad_event_nothing_is_taken_in_and_the_event_is_named(client, bad, field):
    batch = [{**EVENT, "id": f"e{number}"} for number in range(5)]
    batch[3] |= bad
    response = send(client, batch, BATCH)
    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, field)
    assert not Occurrence.objects.exists()


def test_who_lacks_the_permission_is_refused():
    client = APIClient()
    client.force_login(User.objects.create_user("bob"))
    response = send(client, PLAIN)
    assert response.status_code == 403
    assert "trigger.add_occurrence" in response.json()["detail"]
    assert not Occurrence.objects.exists()


def test_who_does_not_say_who_they_are_is_told_how():
    response = send(APIClient(), PLAIN)
    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Signature")


def test_a_page_of_another_site_cannot_send_with_the_users_session():
    user = User.objects.create_superuser("root")
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(user)
    assert send(client, PLAIN).status_code == 403
    assert not Occurrence.objects.exists()


def test_a_request_that_announces_too_much_is_refused_unread(client, settings, monkeypatch):
    settings.DETENT = {**settings.DETENT, "INBOUND_MAX_BYTES": 100}
    monkeypatch.setattr("django.core.handlers.wsgi.WSGIRequest.read", pytest.fail)
    response = send(client, b"x" * 101)
    assert (response.status_code, response["Content-Type"]) == (413, "application/problem+json")


def test_a_request_that_announces_nothing_is_read_no_further_than_allowed(settings):
    """As one that comes in chunks does; the body is Django's own to give."""
    settings.DETENT = {**settings.DETENT, "INBOUND_MAX_BYTES": 100}
    read = []

    class Endless:
        def read(self, size=-1):
            read.append(size)
            return b"x" * size

    request = APIRequestFactory().post("/", b"", content_type="application/json", headers={"webhook-signature": "v1,x"})
    request.META["CONTENT_LENGTH"] = ""
    request._stream = Endless()
    request.user = User.objects.create_superuser("root")
    response = OccurrenceView.as_view(authentication_classes=[], permission_classes=[])(request)
    assert (response.status_code, read) == (413, [101])


@pytest.mark.parametrize("length", ["-5", "many", "9" * 30])
def test_a_length_that_is_none_is_no_error_of_the_server(client, length):
    response = client.generic("POST", URL, b"{}", content_type="application/json", CONTENT_LENGTH=length)
    assert response.status_code in (400, 413)


def test_a_batch_of_too_many_is_refused(client, settings):
    settings.DETENT = {**settings.DETENT, "INBOUND_MAX_BATCH": 2}
    response = send(client, [PLAIN] * 3)
    assert response.status_code == 413
    assert "2 are allowed" in response.json()["detail"]
    assert not Occurrence.objects.exists()


def test_who_sends_too_often_is_told_when_to_go_on(client, settings):
    settings.DETENT = {**settings.DETENT, "INBOUND_RATE": "2/min"}
    answers = [send(client, PLAIN) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 60
    assert answers[2]["Content-Type"] == "application/problem+json"
    assert send_signed(PLAIN).status_code == 202


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_occurrences_are_only_sent_here(client, method):
    response = getattr(client, method)(URL)
    assert (response.status_code, response["Content-Type"]) == (405, "application/problem+json")


def test_a_batch_costs_as_many_queries_as_one_occurrence(client):
    send(client, PLAIN)
    counts = []
    for size in (1, 5):
        with CaptureQueriesContext(connection) as queries:
            assert send(client, [PLAIN] * size).status_code == 202
        counts.append(len(queries))
    assert counts[0] == counts[1]
