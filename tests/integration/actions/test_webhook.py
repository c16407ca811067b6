"""The built-in action `webhook`, against a real HTTP server."""

import base64
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.fixtures import Settings
from standardwebhooks import Webhook

from detent.trigger.delivery.worker import Worker
from detent.trigger.models import Delivery, WebhookEndpoint
from tests.integration.actions.receiver import Answering, Receiver, receiving, status
from tests.integration.delivery.factories import fresh, make_delivery

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "whsec_" + base64.b64encode(b"s" * 24).decode()


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """A receiver that takes everything, as the endpoint `finance`."""
    with receiving(status(204)) as receiver:
        settings.DETENT = {"WEBHOOKS": {"finance": entry(receiver)}}
        yield receiver


def entry(receiver: Receiver, **options: Any) -> dict[str, Any]:
    return {"url": receiver.url, "secrets": [SECRET], "allow_private": True, "timeout": 5, **options}


def send(**settings: Any) -> Delivery:
    made = make_delivery("webhook", {"endpoint": "finance", **settings}, data={"order": 17})
    # One attempt: a pause before the next one may be drawn so short that it is over at once.
    Worker("default").run_once()
    return fresh(made)


def test_the_body_arrives_signed_and_under_the_deliverys_key(receiver: Receiver) -> None:
    sent = send(body={"order": "${data.order}"})
    (request,) = receiver.received
    assert (sent.state, request.path, request.headers["webhook-id"]) == ("done", "/hooks?to=us", sent.key)
    assert Webhook(SECRET).verify(request.body, request.headers) == {"order": 17}


def test_without_a_body_the_occurrence_is_sent(receiver: Receiver) -> None:
    sent = send()
    message = json.loads(receiver.received[0].body)
    assert sent.event.occurrence is not None
    assert message == {"type": "test", "timestamp": sent.event.occurrence.document()["time"], "data": {"order": 17}}


@pytest.mark.parametrize("code", [400, 404, 500, 503])
def test_an_answer_that_is_no_success_is_tried_again_and_the_reason_kept(receiver: Receiver, code: int) -> None:
    receiver.answering = status(code)
    sent = send()
    assert (sent.state, sent.attempts) == ("waiting", 1)
    assert f"'finance': it answered {code}: said" in sent.error


@pytest.mark.parametrize("wanted", ["120", "in two minutes"])
def test_retry_after_is_honoured_in_seconds_and_as_a_date(receiver: Receiver, wanted: str) -> None:
    asked = wanted if wanted.isdecimal() else format_datetime(timezone.now() + timedelta(minutes=2))
    receiver.answering = status(429, Retry_After=asked)
    assert timedelta(seconds=100) < send().wait < timedelta(seconds=121)  # type: ignore[attr-defined]


@pytest.mark.parametrize("asked", ["soon", "", "-5", "9" * 40, "Mon, 99 Nov 2026 00:00:00 GMT"])
def test_a_retry_after_that_says_nothing_leaves_the_usual_wait(receiver: Receiver, asked: str) -> None:
    receiver.answering = status(503, Retry_After=asked)
    sent = send()
    assert (sent.state, sent.wait <= timedelta(seconds=1)) == ("waiting", True)  # type: ignore[attr-defined]


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.answering = status(302, Location="http://169.254.169.254/latest/meta-data")
    sent = send()
    assert (sent.state, len(receiver.received)) == ("dead", 1)
    assert "redirects are not followed" in sent.error


def test_an_endpoint_that_is_gone_is_disabled_and_gets_no_more(receiver: Receiver) -> None:
    receiver.answering = status(410)
    first, second = send(), send()
    assert (first.state, second.state, len(receiver.received)) == ("dead", "dead", 1)
    assert "detent webhooks enable finance" in second.error
    row = WebhookEndpoint.objects.get()
    assert (row.state, first.key in row.reason) == ("disabled", True)
    assert [log.transition for log in row.transition_logs] == ["disable"]


def test_an_operator_enables_it_again(receiver: Receiver) -> None:
    receiver.answering = status(410)
    send()
    receiver.answering = status(204)
    call_command("detent", "webhooks", "enable", "finance", stdout=StringIO())
    assert send().state == "done"


def test_the_list_of_endpoints_says_which_are_disabled_and_why_and_shows_no_secret(receiver: Receiver) -> None:
    call_command("detent", "webhooks", "disable", "finance", stdout=StringIO())
    listed = StringIO()
    call_command("detent", "webhooks", "list", stdout=listed)
    assert listed.getvalue() == "finance: 127.0.0.1, disabled: By an operator.\n"
    assert send().state == "dead"
    assert not receiver.received


@pytest.mark.usefixtures("receiver")
def test_an_unknown_endpoint_is_refused_by_the_command() -> None:
    with pytest.raises(CommandError, match="has finance"):
        call_command("detent", "webhooks", "disable", "finanze")


def garbage(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"\x00\x01 this is no HTTP\r\n\r\n")


def cut(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.close()


@pytest.mark.parametrize("answering", [garbage, cut])
def test_an_answer_that_is_no_http_is_tried_again(receiver: Receiver, answering: Answering) -> None:
    receiver.answering = answering
    sent = send()
    assert (sent.state, sent.error.startswith("webhook 'finance': ")) == ("waiting", True)


def test_a_receiver_that_sends_a_byte_at_a_time_is_left_when_its_time_is_over(settings: Settings) -> None:
    left = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        try:
            while not left.wait(0.02):
                handler.wfile.write(b"x")
                handler.wfile.flush()
        except OSError:
            left.set()

    with receiving(drip) as receiver:
        settings.DETENT = {"WEBHOOKS": {"finance": entry(receiver, timeout=0.3)}}
        sent = send()
        assert left.wait(10)
    assert (sent.state, "no answer within 0.3 s" in sent.error) == ("waiting", True)


def test_a_receiver_that_is_not_there_is_tried_again(settings: Settings) -> None:
    with receiving(status(204)) as receiver:
        gone = entry(receiver)
    settings.DETENT = {"WEBHOOKS": {"finance": gone}}
    sent = send()
    assert (sent.state, "Refused" in sent.error) == ("waiting", True)


@pytest.mark.parametrize(
    ("url", "reason"), [("https://127.0.0.1:1/", "not on the open network"), ("https://localhost:1/", "open network")]
)
def test_a_delivery_to_an_address_inside_is_dead(settings: Settings, url: str, reason: str) -> None:
    settings.DETENT = {"WEBHOOKS": {"finance": {"url": url, "secrets": [SECRET]}}}
    sent = send()
    assert (sent.state, reason in sent.error) == ("dead", True)


def test_an_endpoint_that_the_settings_lack_makes_a_dead_delivery(settings: Settings) -> None:
    settings.DETENT = {}
    sent = send()
    assert (sent.state, "no webhook endpoint 'finance'" in sent.error) == ("dead", True)


def test_no_secret_is_in_any_row_or_log(
    receiver: Receiver, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.answering = status(302, Location="elsewhere")
    sent = send()
    kept = [sent.error, str(sent.settings), *(attempt.error for attempt in sent.tries.all()), caplog.text]
    assert SECRET not in "".join(kept)
    assert settings.DETENT["WEBHOOKS"]["finance"]["secrets"] == [SECRET]
