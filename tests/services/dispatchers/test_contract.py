"""The contract of dispatchers, with real workers in processes of their own, on real brokers."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from django.test import TransactionTestCase

from detent.testing import DispatcherContract
from detent.trigger.delivery import NoDispatcher
from detent.trigger.delivery.celery import CeleryDispatcher
from detent.trigger.delivery.django_tasks import TasksDispatcher
from tests.services.dispatchers.brokers import broker_named
from tests.services.dispatchers.workers import kept_running

CELERY = ("-m", "celery", "-A", "tests.services.dispatchers.celery_app", "worker")
WORKER = (*CELERY, "--concurrency", "2", "--loglevel", "WARNING", "--without-gossip", "--without-mingle")


class TestPollingWorker(DispatcherContract, TransactionTestCase):
    """`manage.py detent worker`, which nobody tells of anything."""

    dispatcher = NoDispatcher()

    @contextmanager
    def start_workers(self) -> Iterator[None]:
        with kept_running("-m", "django", "detent", "worker", "--poll", "0.1", environment={}):
            yield


class TestDjangoTasks(DispatcherContract, TransactionTestCase):
    """django-tasks-db and its `db_worker`."""

    dispatcher = TasksDispatcher()

    @contextmanager
    def start_workers(self) -> Iterator[None]:
        told = {"DETENT_DISPATCHER": "detent.trigger.delivery.django_tasks.TasksDispatcher"}
        command = ("-m", "django", "db_worker", "--interval", "0.1", "--no-startup-delay", "--no-reload")
        with kept_running(*command, environment=told):
            yield


class CeleryContract(DispatcherContract):
    """Celery's worker, on one of the brokers."""

    broker: ClassVar[str]
    dispatcher = CeleryDispatcher()

    @contextmanager
    def start_workers(self) -> Iterator[None]:
        with broker_named(self.broker) as broker, kept_running(*WORKER, environment=broker.environment):
            yield


class TestCeleryOnRabbitMQ(CeleryContract, TransactionTestCase):
    """Celery on RabbitMQ."""

    broker = "RabbitMQ"


class TestCeleryOnRedis(CeleryContract, TransactionTestCase):
    """Celery on Redis."""

    broker = "Redis"
