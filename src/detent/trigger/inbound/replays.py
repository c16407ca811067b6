"""Signed messages are taken in once: a captured one that is sent again does nothing."""

import hashlib
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from rest_framework import status

from detent.trigger.inbound.authentication import SignedRequest
from detent.trigger.models import ReceivedMessage
from detent.trigger.webhook.signature import ID
from detent.workflow.rest.problem import FieldError, Problem

KEPT_FOR = timedelta(days=30)
FORGOTTEN_AT_ONCE = 100


def is_repeated(signed: SignedRequest, using: str) -> bool:
    """Note, in the transaction under way, that a message came in; say whether its sender has sent it before.

    A sender that got no answer signs the message anew, with a later time; who has only captured it cannot.

    Args:
        signed: Who sent the message, and what its headers say.
        using: The database alias.

    Raises:
        Problem: The very same message came in before.
    """
    row = ReceivedMessage(key=_key(signed), timestamp=signed.message.timestamp)
    try:
        with transaction.atomic(using=using):
            row.save(using=using, force_insert=True)
    except IntegrityError:
        rows = ReceivedMessage.objects.using(using).filter(pk=row.pk, timestamp__lt=row.timestamp)
        # Whoever captures the later one cannot send it again either.
        if rows.update(timestamp=row.timestamp):
            return True
        raise _replayed() from None
    return False


def forget_old(using: str) -> None:
    """Remove some of the notes of long ago: a message as old is refused for its time.

    Args:
        using: The database alias.
    """
    rows = ReceivedMessage.objects.using(using)
    old = rows.filter(received__lt=timezone.now() - KEPT_FOR)
    if old.exists():
        with transaction.atomic(using=using):
            doomed = old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:FORGOTTEN_AT_ONCE]
            rows.filter(pk__in=list(doomed)).delete()


def _key(signed: SignedRequest) -> str:
    # A name may hold anything, an identifier no line break.
    return hashlib.sha256(f"{signed.message.identifier}\n{signed.sender.name}".encode()).hexdigest()


def _replayed() -> Problem:
    reason = "This message was taken in before."
    fault = FieldError(ID, reason, "To send it again, sign it anew; it is then answered as a repetition.")
    return Problem(status.HTTP_409_CONFLICT, reason, kind="replayed", errors=[fault])
