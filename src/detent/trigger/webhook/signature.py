"""Signatures of Standard Webhooks: https://github.com/standard-webhooks/standard-webhooks, symmetric, version 1."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Mapping

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64
"""How many bytes a secret may have."""


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
    content = f"{identifier}.{timestamp}.".encode() + body
    return {
        "webhook-id": identifier,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{_signature(key_of(secret), content)}" for secret in secrets),
    }


def _signature(key: bytes, content: bytes) -> str:
    return base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
