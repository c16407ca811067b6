"""Problems: what an endpoint answers where it does not do what was asked, in the shape of RFC 9457."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import NamedTuple

from rest_framework.exceptions import APIException

MEDIA_TYPE = "application/problem+json"
NO_TYPE = "about:blank"
TYPE_PREFIX = "urn:problem-type:detent:"


class FieldError(NamedTuple):
    """One thing that is wrong with a request.

    Attributes:
        field: What is wrong: a JSON pointer into the body ("/data/total"; "" for the whole of it), or the name of a
            header, of a query parameter, or of a part of the request such as "method".
        reason: What is wrong with it.
        fix: What to do about it.
    """

    field: str
    reason: str
    fix: str


class Problem(APIException):
    """A request is not done; the answer says why, and what to do.

    Args:
        status: The HTTP status.
        detail: Why, for a person.
        kind: What kind of problem it is, in words joined by hyphens, for programs; "" if the status says it all.
        title: The kind for a person, always the same; default: the kind, or the phrase of the status.
        errors: What is wrong with the request, each with its fix.
        headers: Further headers of the answer.
        **members: Further members of the body.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        kind: str = "",
        title: str = "",
        errors: Iterable[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        **members: object,
    ) -> None:
        super().__init__(detail)
        self.status_code = status
        self.kind = kind
        self.title = title or kind.replace("-", " ").capitalize() or HTTPStatus(status).phrase
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.members = members

    @property
    def body(self) -> dict[str, object]:
        """What the answer says, as JSON."""
        return {
            "type": f"{TYPE_PREFIX}{self.kind}" if self.kind else NO_TYPE,
            "title": self.title,
            "status": self.status_code,
            "detail": str(self.detail),
            "errors": [error._asdict() for error in self.errors],
            **self.members,
        }


def invalid(*errors: FieldError, status: int = 400) -> Problem:
    """Return the problem of a request in which something is wrong.

    Args:
        *errors: What; the first is told in the detail too.
        status: The HTTP status.
    """
    first = errors[0]
    said = f"{first.field}: {first.reason}" if first.field else first.reason
    return Problem(status, said, kind="invalid-input", errors=errors)
