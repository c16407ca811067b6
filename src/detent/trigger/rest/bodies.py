"""The bodies of requests."""

from typing import Any

from rest_framework.request import Request


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
