"""Rules and events over HTTP, to read.

They need djangorestframework, as the extra `rest` brings it; a project includes `detent.trigger.urls`.
"""

from typing import Any, ClassVar

from django.db import models
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.permissions import DjangoModelPermissions
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import ReadOnlyModelViewSet

from detent.trigger.models import TriggerEvent, TriggerRule
from detent.trigger.serializers import (
    TriggerEventBaseSerializer,
    TriggerEventDetailsSerializer,
    TriggerRuleDetailsSerializer,
    TriggerRuleSerializer,
)


class ViewPermission(DjangoModelPermissions):
    """Lets those read who have Django's view permission of the model; there is no other method."""

    perms_map = {method: ["%(app_label)s.view_%(model_name)s"] for method in ("GET", "HEAD", "OPTIONS")}


class NewestFirst(CursorPagination):
    """Pages of 100 rows, the newest first; no page counts the table."""

    page_size = 100
    ordering = "-id"

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Return where the page begins.

        Raises:
            NotFound: The cursor is none that a page gave.
        """
        cursor = super().decode_cursor(request)
        try:
            int(cursor.position or 0 if cursor else 0)
        except ValueError as error:
            raise NotFound(self.invalid_cursor_message) from error
        return cursor


class RecordViewSet(ReadOnlyModelViewSet[Any]):
    """Shows rows in a list, and each with its details.

    Attributes:
        details_serializer_class: Shows one row.
        only_in_details: The columns that a list leaves in the database.
    """

    permission_classes = [ViewPermission]
    pagination_class = NewestFirst
    details_serializer_class: ClassVar[type[BaseSerializer[Any]]]
    only_in_details: ClassVar[tuple[str, ...]]

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        """Return the serializer of the list, or of one row."""
        if self.action == "retrieve":
            return self.details_serializer_class
        return super().get_serializer_class()

    def get_queryset(self) -> models.QuerySet[Any]:
        """Return the rows with what their serializer shows, in one query."""
        rows = super().get_queryset()
        return rows if self.action == "retrieve" else rows.defer(*self.only_in_details)


class TriggerRuleViewSet(RecordViewSet):
    """Rules, every revision of each."""

    queryset = TriggerRule.objects.all()
    serializer_class = TriggerRuleSerializer
    details_serializer_class = TriggerRuleDetailsSerializer
    only_in_details = ("configuration",)


class TriggerEventViewSet(RecordViewSet):
    """Events, each with the rule that was triggered."""

    queryset = TriggerEvent.objects.select_related("rule")
    serializer_class = TriggerEventBaseSerializer
    details_serializer_class = TriggerEventDetailsSerializer
    only_in_details = ("description", "rule__configuration")
