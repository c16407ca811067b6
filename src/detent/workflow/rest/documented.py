"""What the OpenAPI document says of an endpoint."""

from collections.abc import Callable
from typing import Any, TypeVar

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import extend_schema

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])


def documented(by: type[AutoSchema] = AutoSchema, **said: Any) -> Callable[[Endpoint], Endpoint]:
    """Describe an endpoint as `extend_schema` does, whatever the project's own schemas are made by.

    Args:
        by: What describes the endpoint beside that.
        **said: Those of `extend_schema`.

    Returns:
        A decorator that stands above `action`.
    """

    def describe(endpoint: Endpoint) -> Endpoint:
        # Where none is set, extend_schema goes by the project's settings.
        kwargs = vars(endpoint).setdefault("kwargs", {})
        kwargs.setdefault("schema", by)
        return extend_schema(**said)(endpoint)

    return describe
