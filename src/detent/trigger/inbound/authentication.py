"""Who sends occurrences: a sender, known by its signature, or a user as djangorestframework knows one."""

import time
from typing import Any, NamedTuple

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from detent.settings import detent_settings
from detent.trigger.inbound.body import raw_body
from detent.trigger.inbound.sender import EMIT, Sender, senders
from detent.trigger.webhook.signature import ID, SIGNATURE, TIMESTAMP, InvalidSignature, Signed, signed_message


class SignedRequest(NamedTuple):
    """A request that one of the senders has signed; what djangorestframework calls the request's `auth`.

    Attributes:
        sender: Who.
        message: What its headers say.
    """

    sender: Sender
    message: Signed


class SignatureAuthentication(BaseAuthentication):
    """Knows a sender by the signature of Standard Webhooks; requests without one are left to others."""

    def authenticate(self, request: Request) -> tuple[Any, SignedRequest] | None:
        """Return the sender who signed a request, or None if nobody did.

        Raises:
            AuthenticationFailed: It is signed by none of them, or not just now.
        """
        headers = {name: request.headers[name] for name in (ID, TIMESTAMP, SIGNATURE) if name in request.headers}
        if SIGNATURE not in headers:
            return None
        try:
            message = signed_message(headers, now=time.time())
        except InvalidSignature as error:
            raise AuthenticationFailed(str(error)) from error
        body = raw_body(request._request)
        signers = [sender for sender in senders() if message.is_by(sender.secrets, body)]
        if not signers:
            raise AuthenticationFailed(f"{SIGNATURE} is of no sender that is known here")
        return signers[0], SignedRequest(signers[0], message)

    def authenticate_header(self, request: Request) -> str:
        """Return how to say who one is."""
        return "Signature"


class MayEmit(BasePermission):
    """Lets those send occurrences who may add them: senders, and users with the permission `trigger.add_occurrence`."""

    message = f"To send occurrences you need the permission {EMIT}."

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the user of a request may."""
        return request.user is not None and request.user.has_perm(EMIT)


class OccurrenceThrottle(SimpleRateThrottle):
    """Lets each sender, user or address send so many requests in a time, as `DETENT["INBOUND_RATE"]` says."""

    scope = "detent-occurrences"

    def get_rate(self) -> str | None:
        """Return how many, such as "600/min"; None for any number."""
        return detent_settings().INBOUND_RATE or None

    def get_cache_key(self, request: Request, view: Any) -> str:
        """Return under what the requests of the same one are counted."""
        user = request.user
        ident = user.pk if user is not None and user.is_authenticated else self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": ident}
