"""A receiver of webhooks on a network that is cut, slow and full of errors: every delivery arrives, under one key."""

import base64
import random
import time
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

import pytest
from pytest_django.fixtures import Settings

from detent.trigger.delivery.database_clock import DatabaseNow
from detent.trigger.delivery.worker import Worker
from detent.trigger.models import Attempt, Delivery
from tests.integration.actions.receiver import receiving, status
from tests.integration.delivery.factories import make_delivery

pytestmark = pytest.mark.django_db(transaction=True)

DELIVERIES = 200
TIMEOUT_SECONDS = 0.5
SECRET = "whsec_" + base64.b64encode(b"s" * 24).decode()


def garbage(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"\x00\x01 this is no HTTP\r\n\r\n")


def cut(handler: BaseHTTPRequestHandler) -> None:
    handler.connection.close()


def slow(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(2 * TIMEOUT_SECONDS)
    cut(handler)


TAKEN = "taken"
ANSWERS = {
    TAKEN: status(204),
    "500": status(500),
    "429 with Retry-After": status(429, Retry_After="1"),
    "garbage": garbage,
    "taken, and cut": cut,
    "slow": slow,
}
WEIGHTS = (20, 8, 8, 8, 8, 1)


def test_whatever_the_network_does_each_webhook_arrives_and_each_refusal_is_kept(
    settings: Settings, show: Callable[[str], None]
) -> None:
    chance, given, arrived = random.Random(6), Counter[str](), Counter[str]()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        (name,) = chance.choices(list(ANSWERS), WEIGHTS)
        given[name] += 1
        if name.startswith(TAKEN):
            arrived[handler.headers["webhook-id"]] += 1
        ANSWERS[name](handler)

    with receiving(answer) as receiver:
        options = {"secrets": [SECRET], "allow_private": True, "timeout": TIMEOUT_SECONDS}
        settings.DETENT = {"WEBHOOKS": {"finance": {"url": receiver.url, **options}}}
        made = [make_delivery("webhook", {"endpoint": "finance"}, max_attempts=1000) for _ in range(DELIVERIES)]
        while Delivery.objects.exclude(state="done").exists():
            # How long each waits is another test's.
            Delivery.objects.filter(state="waiting").update(due=DatabaseNow())
            Worker("default").run_until_idle()
    assert arrived.keys() == {delivery.key for delivery in made}
    outcomes = Counter(Attempt.objects.values_list("outcome", flat=True))
    # On a busy machine an answer may come too late.
    assert outcomes["done"] == DELIVERIES <= given[TAKEN]
    assert outcomes.total() == given.total()
    assert not Attempt.objects.exclude(outcome="done").filter(error="").exists()
    twice = sum(times > 1 for times in arrived.values())
    show(f"{DELIVERIES} webhooks, {given.total()} requests: {dict(given)}; {twice} arrived more than once")
