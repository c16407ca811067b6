"""The problem that an exception of a view is answered with."""

from collections.abc import Iterator, Mapping
from math import ceil

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from django.http.multipartparser import MultiPartParserError
from rest_framework import exceptions, status
from rest_framework.settings import api_settings

from detent.errors import DetentError
from detent.machine import AbortTransition, MissingArgument, Verdict
from detent.workflow.rest.problem import FieldError, Problem, invalid
from detent.workflow.rest.refused import TransitionRefused


class TooLarge(exceptions.APIException):
    """The body is larger than the server reads."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE


FOREIGN: tuple[tuple[type[Exception], type[exceptions.APIException]], ...] = (
    (Http404, exceptions.NotFound),
    (PermissionDenied, exceptions.PermissionDenied),
    (RequestDataTooBig, TooLarge),
    (MultiPartParserError, exceptions.ParseError),
    (SuspiciousOperation, exceptions.ParseError),
    (BadRequest, exceptions.ParseError),
)
"""What Django raises, and what djangorestframework calls it."""

FAULTS = {
    400: ("", "Send a body that can be read."),
    401: ("Authorization", "Say who you are, as WWW-Authenticate asks."),
    403: ("Authorization", "Log in as someone who may, or have the permission given to you."),
    404: ("path", "Look for it in the list."),
    405: ("method", "Use one of the methods that the header Allow names."),
    406: ("Accept", "Ask for application/json."),
    413: ("", "Send less at once."),
    415: ("Content-Type", "Send application/json."),
    429: ("", "Wait as long as the header Retry-After says."),
}
"""By the status: where the fault lies, and its fix."""

FIXES = {
    "required": "Give it.",
    "null": "Give a value in place of null.",
    "blank": "Give a text that is not empty.",
    "empty": "Give at least one.",
    "invalid_choice": "Give one of the values that the field allows.",
    "max_length": "Shorten it.",
    "min_length": "Lengthen it.",
    "max_value": "Give a smaller number.",
    "min_value": "Give a larger number.",
    "unique": "Give a value that no other has.",
    "does_not_exist": "Give the key of one that exists.",
    "unknown": "Leave it out.",
}
"""By the code of a validation error: what to do."""

ANY_FIX = "Correct it as the reason says."


def problem_of(error: Exception, statuses: Mapping[type[DetentError], int]) -> Problem | None:
    """Return the problem that an exception is answered with.

    Args:
        error: The exception.
        statuses: The HTTP status of each of Detent's errors that stands for a fault of the request.

    Returns:
        The problem; None if the fault is not with the request.
    """
    if isinstance(error, Problem):
        return error
    if isinstance(error, DetentError):
        return _of_detent(error, statuses)
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    return next((_of_framework(ours(*error.args[:1])) for theirs, ours in FOREIGN if isinstance(error, theirs)), None)


def _of_detent(error: DetentError, statuses: Mapping[type[DetentError], int]) -> Problem | None:
    if isinstance(error, MissingArgument):
        return invalid(FieldError("", str(error), FIXES["required"]))
    if isinstance(error, AbortTransition):
        return TransitionRefused(error.verdict or Verdict("", "", "check", str(error)))
    code = next((statuses[kind] for kind in type(error).__mro__ if kind in statuses), None)
    if code is None:
        return None
    path, reason = getattr(error, "path", None), getattr(error, "reason", None)
    fault = FieldError(pointer(path or ""), str(reason or error), error.hint or ANY_FIX)
    return Problem(code, str(error), kind="invalid-input" if code == 400 else "refused", errors=[fault])


def _of_framework(error: exceptions.APIException) -> Problem:
    if isinstance(error, exceptions.ValidationError):
        return invalid(*_flat(error.detail, ""), status=error.status_code)
    # A sentence, or what someone's own exception holds in its place.
    said = error.detail if isinstance(error.detail, str) else "; ".join(each.reason for each in _flat(error.detail, ""))
    field, fix = FAULTS.get(error.status_code, ("", ANY_FIX))
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(ceil(wait))
    return Problem(error.status_code, said, errors=[FieldError(field, said, fix)], headers=headers)


def pointer(path: str) -> str:
    """Return a path with dots, such as `data.order.0`, as the JSON pointer `/data/order/0`."""
    return "".join(f"/{part}" for part in path.replace("~", "~0").replace("/", "~1").split(".")) if path else ""


def _flat(detail: object, at: str) -> Iterator[FieldError]:
    """Yield what is wrong, of whatever a validation error holds."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            whole = name == api_settings.NON_FIELD_ERRORS_KEY
            part = str(name).replace("~", "~0").replace("/", "~1")
            yield from _flat(inner, at if whole else f"{at}/{part}")
    elif isinstance(detail, list | tuple):
        for place, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list | tuple)
            yield from _flat(inner, f"{at}/{place}" if nested else at)
    else:
        yield FieldError(at, str(detail), FIXES.get(getattr(detail, "code", ""), ANY_FIX))
