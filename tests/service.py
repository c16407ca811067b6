"""What a test does when a service that it needs does not answer."""

import os
import socket

import pytest

ANSWER_SECONDS = 5


def require_service(name: str, host: str, port: int) -> None:
    """Go on only if something listens there: skip the test otherwise, or fail it where CI is "true".

    Args:
        name: The service's name, for the reason.
        host: Where it should listen.
        port: Its TCP port.
    """
    try:
        socket.create_connection((host, port), timeout=ANSWER_SECONDS).close()
    except OSError as error:
        missing(f"{name} does not answer on {host}:{port} ({error}).")


def missing(reason: str) -> None:
    """Skip the test, or fail it where CI is "true", because something that it needs is not on this machine."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason} In CI that is a failure.", pytrace=False)
    pytest.skip(reason)
