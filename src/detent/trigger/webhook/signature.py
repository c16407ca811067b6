"""Signatures of Standard Webhooks: https://github.com/standard-webhooks/standard-webhooks, symmetric, version 1."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from detent.trigger.errors import TriggerError

PREFIX = "whsec_"
VERSION = "v1,"
ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
SHORTEST, LONGEST = 24, 64
"""How many bytes a secret may have."""
LONGEST_IDENTIFIER = 255
LONGEST_TIMESTAMP = 12
MOST_SIGNATURES = 16
TOLERANCE = 300
"""How many seconds the clocks of sender and receiver may differ."""


class InvalidSignature(TriggerError, ValueError):
    """A message is not signed by who has the secret, or not just now.

    Attributes:
        header: The header in which the fault lies.
        reason: What is wrong with it.
    """

    def __init__(self, header: str, reason: str) -> None:
        super().__init__(f"{header} {reason}")
        self.header = header
        self.reason = reason


class Signed(NamedTuple):
    """What the headers of a signed message say.

    Attributes:
        identifier: What makes the message the same as one sent before.
        timestamp: When it was sent, in seconds since 1970.
        signatures: Its signatures.
    """

    identifier: str
    timestamp: int
    signatures: tuple[bytes, ...]

    def is_by(self, secrets: Iterable[str], body: bytes) -> bool:
        """Whether one of the secrets signed the message; the answer takes as long wherever a signature is wrong.

        Args:
            secrets: The sender's secrets.
            body: The message, as it came.
        """
        content = _content(self.identifier, self.timestamp, body)
        ours = [_signature(key_of(secret), content).encode() for secret in secrets]
        # Each is compared: what was found does not show in the time.
        return any([hmac.compare_digest(one, given) for one in ours for given in self.signatures])  # noqa: C419


def key_of(secret: str) -> bytes:
    """Return the bytes of a secret.

    Args:
        secret: `whsec_` and 24 to 64 bytes in base64.

    Raises:
        ValueError: It is no such secret; the message does not show it.
    """
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or not SHORTEST <= len(key) <= LONGEST:
        raise ValueError(f"a secret is {PREFIX!r} and {SHORTEST} to {LONGEST} bytes in base64")
    return key


def signed_headers(secrets: Iterable[str], *, identifier: str, timestamp: int, body: bytes) -> Mapping[str, str]:
    """Return the headers that tell the receiver who sent a message, which one it is, and when.

    Args:
        secrets: The receiver's secrets: while one replaces another, both sign.
        identifier: What makes the message the same as one sent before.
        timestamp: When it is sent, in seconds since 1970.
        body: What is sent.

    Raises:
        ValueError: One of the secrets is none.
    """
    content = _content(identifier, timestamp, body)
    return {
        ID: identifier,
        TIMESTAMP: str(timestamp),
        SIGNATURE: " ".join(f"{VERSION}{_signature(key_of(secret), content)}" for secret in secrets),
    }


def signed_message(headers: Mapping[str, str], *, now: float) -> Signed:
    """Read what the headers of a signed message say; whether it is signed by anyone, `is_by` tells.

    Args:
        headers: The headers, by their names in small letters.
        now: The time, in seconds since 1970.

    Raises:
        InvalidSignature: A header is missing or malformed, or the message is too old or from the future.
    """
    identifier, timestamp = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    if not (0 < len(identifier) <= LONGEST_IDENTIFIER and identifier.isascii() and identifier.isprintable()):
        raise InvalidSignature(ID, f"must be a text of 1 to {LONGEST_IDENTIFIER} printable ASCII characters")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= LONGEST_TIMESTAMP):
        raise InvalidSignature(TIMESTAMP, "must be a number of seconds since 1970")
    if abs(now - int(timestamp)) > TOLERANCE:
        raise InvalidSignature(TIMESTAMP, f"is more than {TOLERANCE} seconds away from the time here")
    each = headers.get(SIGNATURE, "").split(" ")[:MOST_SIGNATURES]
    signatures = tuple(one.removeprefix(VERSION).encode() for one in each if one.startswith(VERSION))
    return Signed(identifier, int(timestamp), signatures)


def verify(secrets: Iterable[str], headers: Mapping[str, str], body: bytes, *, now: float) -> Signed:
    """Make sure that a message is signed by one of a sender's secrets, and just now.

    Args:
        secrets: The secrets; while one replaces another, either may have signed.
        headers: The headers, by their names in small letters.
        body: The message, as it came.
        now: The time, in seconds since 1970.

    Returns:
        What the headers say. Whether the message came before, is for the caller to know.

    Raises:
        InvalidSignature: It is not.
    """
    message = signed_message(headers, now=now)
    if not message.is_by(secrets, body):
        raise InvalidSignature(SIGNATURE, "is of none of the secrets")
    return message


def _content(identifier: str, timestamp: int, body: bytes) -> bytes:
    return f"{identifier}.{timestamp}.".encode() + body


def _signature(key: bytes, content: bytes) -> str:
    return base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
