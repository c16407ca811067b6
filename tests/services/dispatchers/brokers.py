"""The brokers that Celery is tested on, reached through a proxy that a test can cut, and queues of a test's own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import uuid4

from celery import Celery

from tests.service import require_service
from tests.services.dispatchers.celery_app import make_app
from tests.services.dispatchers.proxy import Proxy

BROKERS = {
    "RabbitMQ": os.environ.get("RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//"),
    "Redis": os.environ.get("REDIS_URL", "redis://127.0.0.1:6379/0"),
}


@dataclass
class Broker:
    """A broker as a test sees it.

    Attributes:
        app: A Celery app that uses it, through the proxy.
        proxy: What stands between.
        environment: Variables by which a worker process uses the same.
    """

    app: Celery
    proxy: Proxy
    environment: dict[str, str]

    def purge(self) -> None:
        """Lose all messages that no worker has taken."""
        with self.app.connection_for_write() as connection:
            self.app.amqp.TaskConsumer(connection).purge()


@contextmanager
def broker_named(name: str) -> Iterator[Broker]:
    """Have a queue of one's own on the machine's broker of that name, for the length of the block."""
    address = urlsplit(BROKERS[name])
    require_service(name, str(address.hostname), address.port or 0)
    with broker_at(BROKERS[name]) as broker:
        yield broker


@contextmanager
def broker_at(url: str) -> Iterator[Broker]:
    """Have a queue of one's own on a broker, and the current Celery app use it, for the length of the block."""
    address = urlsplit(url)
    assert address.hostname is not None
    assert address.port is not None
    queue = f"detent-{uuid4().hex}"
    with Proxy(address.hostname, address.port) as proxy:
        through = url.replace(f"{address.hostname}:{address.port}", f"127.0.0.1:{proxy.port}")
        app = make_app(through, queue)
        app.set_current()
        dispatcher = "detent.trigger.delivery.celery.CeleryDispatcher"
        environment = {"DETENT_BROKER": through, "DETENT_QUEUE": queue, "DETENT_DISPATCHER": dispatcher}
        try:
            yield Broker(app, proxy, environment)
        finally:
            delete(app, queue)
            app.close()


def delete(app: Celery, queue: str) -> None:
    """Delete a queue with all that is in it."""
    with app.connection_for_write() as connection, connection.channel() as channel:
        channel.queue_delete(queue)
