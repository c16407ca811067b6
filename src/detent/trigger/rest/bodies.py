"""The bodies of requests, as bytes."""

from typing import IO, Any

from rest_framework.request import Request

from detent.workflow.rest.json_body import StrictJSONParser, body_of
from detent.workflow.rest.problem import FieldError, Problem

MOST_BYTES = 4 * 1024 * 1024
"""The largest body of a request."""


class BodyParser(StrictJSONParser):
    """Reads JSON, strictly and not without end."""

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return what the body says.

        Raises:
            Problem: It is too large, or cannot be read.
        """
        raw = stream.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            said = f"The body has more than {MOST_BYTES} bytes."
            raise Problem(413, said, errors=[FieldError("", said, "Send less at once.")])
        return body_of(raw)


def body(request: Request, serializer: type[Any]) -> dict[str, Any]:
    """Return the body of a request as a serializer reads it.

    Args:
        request: The request.
        serializer: The class of the serializer.

    Raises:
        ValidationError: It does not fit.
    """
    read = serializer(data=request.data)
    read.is_valid(raise_exception=True)
    said: dict[str, Any] = read.validated_data
    return said
