"""What a request brings: one occurrence or several, in one of the forms that are understood."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rest_framework import status

from detent.settings import detent_settings
from detent.trigger.inbound.cloudevents import emission_of_cloudevent, emission_of_headers, emission_of_plain, is_json
from detent.trigger.inbound.errors import UnusableEvent
from detent.trigger.occurrences.emission import Emission
from detent.workflow.rest.json_body import body_of
from detent.workflow.rest.problem import FieldError, Problem, invalid

ONE = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
PLAIN = "application/json"
PREFIX = "ce-"
IN_THE_BODY = frozenset({"data", "data_base64", "datacontenttype"})
"""What no header that begins with `ce-` may give."""


@dataclass(frozen=True)
class Message:
    """The occurrences that a request brings.

    Attributes:
        emissions: The occurrences.
        is_batch: Whether they came as a list.
        is_binary: Whether their attributes came as headers, so that the body is the data.
    """

    emissions: Sequence[Emission]
    is_batch: bool = False
    is_binary: bool = False

    def field(self, index: int, at: Sequence[str]) -> str:
        """Return how a problem names a place: as a JSON pointer into the body, or as a header.

        Args:
            index: Which of the occurrences it is.
            at: The steps in it, such as `("data", "total")`.
        """
        return _field(index, at, is_batch=self.is_batch, is_binary=self.is_binary)


def message_of(content_type: str, headers: Mapping[str, str], body: bytes) -> Message:
    """Read what a request brings.

    Args:
        content_type: Its media type, with parameters.
        headers: Its headers.
        body: Its body.

    Raises:
        Problem: It cannot be understood.
    """
    kind = content_type.partition(";")[0].strip().lower()
    attributes = {name.lower()[len(PREFIX) :]: value for name, value in headers.items() if _is_attribute(name)}
    if kind == ONE and is_json(content_type):
        return _one(body_of(body), emission_of_cloudevent)
    if kind == BATCH and is_json(content_type):
        return _several(body_of(body), emission_of_cloudevent)
    if attributes:
        return _binary(content_type, attributes, body)
    if kind == PLAIN and is_json(content_type):
        value = body_of(body)
        return _several(value, emission_of_plain) if isinstance(value, list) else _one(value, emission_of_plain)
    raise _unsupported(f"{content_type or 'No media type'} is not understood.", f"Send {PLAIN}, {ONE} or {BATCH}.")


def _is_attribute(name: str) -> bool:
    return name.lower().startswith(PREFIX)


def _one(value: object, read: Callable[[object], Emission]) -> Message:
    return Message([_read(0, read, value, is_batch=False)])


def _several(value: object, read: Callable[[object], Emission]) -> Message:
    if not isinstance(value, list):
        raise invalid(FieldError("", "A batch is a JSON array.", f"Send an array, or one event as {ONE}."))
    most = detent_settings().INBOUND_MAX_BATCH
    if len(value) > most:
        reason = f"The batch has {len(value)} events; {most} are allowed."
        fault = FieldError("", reason, "Send several batches.")
        raise Problem(status.HTTP_413_REQUEST_ENTITY_TOO_LARGE, reason, kind="too-large", errors=[fault])
    return Message([_read(index, read, each, is_batch=True) for index, each in enumerate(value)], is_batch=True)


def _read(index: int, read: Callable[[Any], Emission], value: object, *, is_batch: bool) -> Emission:
    try:
        return read(value)
    except UnusableEvent as error:
        field = _field(index, error.at, is_batch=is_batch, is_binary=False)
        raise invalid(FieldError(field, error.reason, error.fix)) from error


def _binary(content_type: str, attributes: Mapping[str, str], body: bytes) -> Message:
    if body and not is_json(content_type):
        raise _unsupported("The data of an occurrence is JSON in UTF-8.", "Send JSON, as application/json.")
    for name in sorted(attributes.keys() & IN_THE_BODY):
        fix = "Send the data as the body, with its Content-Type."
        raise invalid(FieldError(f"{PREFIX}{name}", "is no attribute of a header.", fix))
    data = body_of(body) if body else {}
    try:
        return Message([emission_of_headers(attributes, data)], is_binary=True)
    except UnusableEvent as error:
        field = _field(0, error.at, is_batch=False, is_binary=True)
        raise invalid(FieldError(field, error.reason, error.fix)) from error


def _field(index: int, at: Sequence[str], *, is_batch: bool, is_binary: bool) -> str:
    if is_binary and at[:1] != ("data",):
        return f"{PREFIX}{'.'.join(at)}"
    steps = at[1:] if is_binary else at
    return "".join(f"/{step}" for step in _escaped([str(index), *steps] if is_batch else steps))


def _escaped(steps: Sequence[str]) -> Iterator[str]:
    return (step.replace("~", "~0").replace("/", "~1") for step in steps)


def _unsupported(reason: str, fix: str) -> Problem:
    fault = FieldError("Content-Type", reason, fix)
    return Problem(status.HTTP_415_UNSUPPORTED_MEDIA_TYPE, reason, errors=[fault])
