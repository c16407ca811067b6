"""Sending one HTTP request within a time, to an address that was looked at, without following anyone elsewhere."""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple
from urllib.parse import SplitResult

from detent.trigger.webhook.address import Target, resolve

MOST_READ = 1000
"""How many bytes are read of an answer: enough to say why it is no success."""


class Answer(NamedTuple):
    """What the receiver answered.

    Attributes:
        status: The HTTP status.
        headers: The headers; names in lower case.
        beginning: The first bytes of the body.
    """

    status: int
    headers: Mapping[str, str]
    beginning: bytes


class NoAnswerInTime(OSError):
    """The receiver did not answer within the time it has."""


def post(url: SplitResult, body: bytes, headers: Mapping[str, str], *, seconds: float, allow_private: bool) -> Answer:
    """Send a request and read how it was answered.

    Args:
        url: Where to, with scheme `http` or `https`.
        body: What to send.
        headers: With which headers.
        seconds: How long all of it may take, however slowly the receiver answers.
        allow_private: Whether the address may be one that is not of the open network.

    Raises:
        ForbiddenAddress: The host's addresses are not of the open network.
        NoAnswerInTime: It took longer.
        OSError: There was no connection, or it broke.
        http.client.HTTPException: What came back is not HTTP.
    """
    host, secure = url.hostname or "", url.scheme == "https"
    target = resolve(host, url.port or (443 if secure else 80), allow_private=allow_private)
    connection = _PinnedConnection(host, target, seconds, tls=ssl.create_default_context() if secure else None)
    path = url._replace(scheme="", netloc="", fragment="").geturl() or "/"
    with _ended_after(connection, seconds):
        connection.request("POST", path, body=body, headers=dict(headers))
        response = connection.getresponse()
        beginning = response.read(MOST_READ)
    return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, beginning)


class _PinnedConnection(http.client.HTTPConnection):
    """A connection to one address, whatever the name may resolve to meanwhile.

    Args:
        host: The name for the `Host` header and the certificate.
        target: The address.
        seconds: How long each step may take.
        tls: What to hold the certificate to; None for a plain connection.
    """

    def __init__(self, host: str, target: Target, seconds: float, tls: ssl.SSLContext | None) -> None:
        super().__init__(host, target.port, timeout=seconds)
        self.default_port = 443 if tls else 80
        self.target = target
        self.tls = tls

    def connect(self) -> None:
        """Connect to the address."""
        plain = socket.create_connection((self.target.address, self.target.port), self.timeout)
        self.sock = self.tls.wrap_socket(plain, server_hostname=self.host) if self.tls else plain


@contextmanager
def _ended_after(connection: _PinnedConnection, seconds: float) -> Iterator[None]:
    """Close the connection after the block, and break it when the time is over: a time-out counts each byte anew."""
    over = threading.Event()

    def break_off() -> None:
        over.set()
        if connection.sock is not None:
            connection.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, break_off)
    timer.daemon = True
    timer.start()
    try:
        yield
        if over.is_set():
            # What was cut off may still read as an answer.
            raise NoAnswerInTime(f"no answer within {seconds:g} s")
    except (OSError, http.client.HTTPException) as error:
        if over.is_set() or isinstance(error, TimeoutError):
            raise NoAnswerInTime(f"no answer within {seconds:g} s") from error
        raise
    finally:
        timer.cancel()
        connection.close()
