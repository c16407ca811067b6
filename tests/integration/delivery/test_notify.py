"""On PostgreSQL workers are told of a commit; whoever is told nothing polls."""

import threading

import pytest
from django.db import connection, connections

from detent.trigger.delivery import dispatcher
from detent.trigger.delivery.notify import listen
from detent.trigger.delivery.worker import Worker
from detent.trigger.models import Delivery
from tests.integration.delivery.conftest import Register
from tests.integration.delivery.factories import make_delivery

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 60


def needs_notifications() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("Only PostgreSQL has LISTEN and NOTIFY.")


def test_a_hint_is_heard_by_who_listens() -> None:
    needs_notifications()
    heard, ended = threading.Semaphore(0), threading.Event()

    def run() -> None:
        listen("default", heard.release, ended)
        connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert heard.acquire(timeout=PATIENCE), "listening has begun"
        dispatcher().hint([1], "default")
        assert heard.acquire(timeout=PATIENCE), "the hint"
    finally:
        ended.set()
        thread.join(PATIENCE)


def test_a_listener_whose_connection_the_server_ends_listens_again(monkeypatch: pytest.MonkeyPatch) -> None:
    needs_notifications()
    monkeypatch.setattr("detent.trigger.delivery.notify.RECONNECT_SECONDS", 0.01)
    heard, ended = threading.Semaphore(0), threading.Event()
    thread = threading.Thread(target=listen, args=["default", heard.release, ended])
    thread.start()
    try:
        assert heard.acquire(timeout=PATIENCE)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN detent'")
        assert heard.acquire(timeout=PATIENCE), "listening has begun again"
    finally:
        ended.set()
        thread.join(PATIENCE)
        connections.close_all()


def test_a_worker_that_waits_for_its_next_poll_is_woken(register: Register) -> None:
    needs_notifications()
    ran, stop = threading.Event(), threading.Event()

    def act(delivery: Delivery) -> None:
        ran.set()

    name = register(act)
    thread = threading.Thread(target=Worker().run, args=[stop], kwargs={"poll": 10 * PATIENCE})
    thread.start()
    try:
        make_delivery(name)
        # Until the worker listens there is nobody to hear.
        for _ in range(PATIENCE * 20):
            dispatcher().hint([1], "default")
            if ran.wait(0.05):
                break
        assert ran.is_set()
    finally:
        stop.set()
        thread.join(PATIENCE)


def test_elsewhere_a_hint_does_nothing() -> None:
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL notifies.")
    dispatcher().hint([1], "default")
    listen("default", pytest.fail, threading.Event())
