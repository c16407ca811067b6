"""Taking in what a request brings: all of it, or nothing."""

from typing import NamedTuple

from django.db import OperationalError, router, transaction
from django.utils import timezone
from rest_framework import status

from detent.trigger.errors import InvalidOccurrence
from detent.trigger.inbound.authentication import SignedRequest
from detent.trigger.inbound.message import Message
from detent.trigger.inbound.replays import forget_old, is_repeated
from detent.trigger.inbound.sender import Sender
from detent.trigger.models import Occurrence
from detent.trigger.occurrences.emission import Emission, checked
from detent.trigger.occurrences.emitting import emit_many
from detent.workflow.database_errors import says_someone_was_first, waited_in_vain
from detent.workflow.rest.problem import FieldError, Problem, invalid

OWN_TYPES = "detent."
OWN_SOURCES = frozenset({"clock"})


class Receipt(NamedTuple):
    """What came of a request.

    Attributes:
        received: How many occurrences were taken in.
        duplicates: How many others had been taken in before.
    """

    received: int
    duplicates: int


def take_in(message: Message, signed: SignedRequest | None) -> Receipt:
    """Emit what a request brings, in one transaction.

    Args:
        message: What it brings.
        signed: Who signed it; None for a user.

    Raises:
        Problem: One of the occurrences cannot be taken in, or the message came before; nothing was written.
    """
    for index, emission in enumerate(message.emissions):
        _require_allowed(message, index, emission, signed.sender if signed else None)
    using = router.db_for_write(Occurrence)
    if signed:
        forget_old(using)
    try:
        with transaction.atomic(using=using):
            return _taken_in(message, signed, using)
    except InvalidOccurrence as error:
        raise _located(message, error) from error
    except OperationalError as error:
        if says_someone_was_first(error) or waited_in_vain(error):
            raise _busy() from error
        raise


def _taken_in(message: Message, signed: SignedRequest | None, using: str) -> Receipt:
    if signed and is_repeated(signed, using):
        return Receipt(0, len(message.emissions))
    results = emit_many(message.emissions, using=using)
    duplicates = sum(result.duplicate for result in results)
    return Receipt(len(results) - duplicates, duplicates)


def _require_allowed(message: Message, index: int, emission: Emission, sender: Sender | None) -> None:
    """Refuse what only Detent itself says, and of which the sender may not tell."""
    told: dict[str, object] = {"type": emission.type, "source": emission.source}
    for attribute, value in told.items():
        if not isinstance(value, str):
            continue
        field = message.field(index, (attribute,))
        if (value.startswith(OWN_TYPES) and attribute == "type") or (value in OWN_SOURCES and attribute == "source"):
            raise _forbidden(FieldError(field, f"{value!r} is Detent's own.", f"Give it another {attribute}."))
        if sender and not sender.may_tell(attribute, value):
            reason = f"The sender {sender} may not tell of the {attribute} {value!r}."
            raise _forbidden(FieldError(field, reason, f"Have it added to the {attribute}s of the sender."))


def _located(message: Message, error: InvalidOccurrence) -> Problem:
    """Return the problem of the occurrence that cannot be taken in, which the error does not name."""
    for index, emission in enumerate(message.emissions):
        try:
            checked(emission, timezone.now())
        except InvalidOccurrence as found:
            at = tuple(found.path.replace("occurred", "time", 1).split("."))
            return invalid(FieldError(message.field(index, at), found.reason, "Correct it, and send all again."))
    return invalid(FieldError("", error.reason, "Correct it, and send all again."))


def _forbidden(fault: FieldError) -> Problem:
    return Problem(status.HTTP_403_FORBIDDEN, fault.reason, kind="not-yours", errors=[fault])


def _busy() -> Problem:
    reason = "Another request was taking in the same."
    fault = FieldError("", reason, "Send it again.")
    return Problem(status.HTTP_409_CONFLICT, reason, kind="under-way", errors=[fault])
