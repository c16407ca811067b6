"""The OpenAPI document of these endpoints."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from detent.workflow.rest.documented import documented


class SchemaView(SpectacularJSONAPIView):
    """Describes the endpoints beside which it stands, for those who have logged in."""

    schema = AutoSchema()
    permission_classes = [IsAuthenticated]
    urlconf = "detent.trigger.urls"

    @documented(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return the document; its server is where the endpoints begin."""
        response: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        response.data["servers"] = [{"url": request.path.removesuffix("/schema/")}]
        return response
