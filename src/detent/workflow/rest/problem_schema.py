"""Problems in the OpenAPI schema that drf-spectacular writes."""

from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

from detent.workflow.rest.problem import MEDIA_TYPE


class FieldErrorSerializer(serializers.Serializer[Any]):
    """One thing that is wrong with a request."""

    field = serializers.CharField(
        allow_blank=True, help_text="A JSON pointer into the body, or the name of a header or query parameter."
    )
    reason = serializers.CharField()
    fix = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """A problem as RFC 9457 has it."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(allow_blank=True)
    errors = FieldErrorSerializer(many=True)  # type: ignore[assignment]


class RefusalSerializer(ProblemSerializer):
    """A transition that did not take place; the members of its verdict are there if one was asked for."""

    code = serializers.CharField(required=False)
    check = serializers.CharField(required=False, allow_blank=True)
    state = serializers.CharField(required=False)
    transition = serializers.CharField(required=False)
    pending = serializers.ListField(child=serializers.CharField(), required=False)


def problems(
    *statuses: int, serializer: type[serializers.Serializer[Any]] = ProblemSerializer
) -> dict[tuple[int, str], OpenApiResponse]:
    """Return, for `extend_schema(responses=...)`, that these statuses are answered with a problem.

    Args:
        *statuses: The HTTP statuses.
        serializer: What describes the body.
    """
    return {
        (status, MEDIA_TYPE): OpenApiResponse(serializer, description=HTTPStatus(status).phrase) for status in statuses
    }
