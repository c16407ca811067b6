"""A test's threads and child processes see the database of the test."""

from threading import Thread

import pytest
from django.contrib.auth.models import User
from django.db import connection

from tests.child import child_process, same_database

CREATE_USER = """
import django
django.setup()
from django.contrib.auth.models import User
User.objects.create(username="child")
"""


@pytest.mark.django_db(transaction=True)
def test_a_child_process_writes_into_the_test_database() -> None:
    """What a child process commits, the test reads."""
    with child_process("-c", CREATE_USER, environment=same_database()) as child:
        output, _ = child.communicate()
    assert (child.returncode, output) == (0, "")
    assert User.objects.get().username == "child"


@pytest.mark.django_db(transaction=True)
def test_a_thread_writes_into_the_test_database() -> None:
    """What a thread commits over a connection of its own, the test reads."""

    def create_user() -> None:
        User.objects.create(username="thread")
        connection.close()

    thread = Thread(target=create_user)
    thread.start()
    thread.join()
    assert User.objects.get().username == "thread"
