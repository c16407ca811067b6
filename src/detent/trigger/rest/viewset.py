"""What the views of rules, events and deliveries have in common."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models, router
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework.renderers import JSONRenderer
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet, ReadOnlyModelViewSet

from detent.errors import DetentError
from detent.patterns import InvalidDocument
from detent.trigger.configuration.exceptions import InvalidTriggerRule, InvalidTriggerType
from detent.trigger.errors import InvalidOccurrence, RuleIsArchived
from detent.trigger.explanation.sample import NoSample
from detent.trigger.replaying import InvalidDrafts, InvalidReplay, RuleNotInForce
from detent.trigger.rest.fields import LARGEST_KEY
from detent.trigger.rest.filters import Narrowing
from detent.trigger.rest.pagination import NewestFirst
from detent.trigger.rest.permissions import HoldsPermissions
from detent.workflow.rest import ProblemDetailsMixin
from detent.workflow.rest.json_body import StrictJSONParser

ROW = OpenApiParameter("id", {"type": "integer", "minimum": 1, "maximum": LARGEST_KEY}, OpenApiParameter.PATH)
"""The key of a row in the address."""


class GuardedViewSet(ProblemDetailsMixin, GenericViewSet[Any]):
    """Speaks JSON to those who hold what each action takes, and answers errors as problems.

    Attributes:
        to_read: The permissions that every action takes.
        to_act: Those that an action takes beside, by its name.
    """

    schema = AutoSchema()
    # OPTIONS tells nothing that the OpenAPI document does not.
    metadata_class = None
    permission_classes = [HoldsPermissions]
    # What is no key is not found, and told as a problem.
    lookup_value_regex = "[^/]+"
    renderer_classes = [JSONRenderer]
    parser_classes = [StrictJSONParser]
    to_read: ClassVar[tuple[str, ...]] = ()
    to_act: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    problem_statuses: ClassVar[Mapping[type[DetentError], int]] = {
        **ProblemDetailsMixin.problem_statuses,
        InvalidDocument: 422,
        InvalidDrafts: 422,
        InvalidOccurrence: 422,
        InvalidReplay: 422,
        InvalidTriggerRule: 422,
        InvalidTriggerType: 422,
        NoSample: 422,
        RuleIsArchived: 409,
        RuleNotInForce: 422,
    }


class RecordViewSet(GuardedViewSet, ReadOnlyModelViewSet[Any]):
    """Shows rows in a list, and each with its details.

    Attributes:
        details_serializer_class: Shows one row.
        only_in_details: The columns that a list leaves in the database.
    """

    pagination_class = NewestFirst
    filter_backends = [Narrowing]
    details_serializer_class: ClassVar[type[BaseSerializer[Any]]]
    only_in_details: ClassVar[tuple[str, ...]]

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        """Return the serializer of the list, or of one row."""
        if self.action == "list":
            return super().get_serializer_class()
        return self.details_serializer_class

    def get_queryset(self) -> models.QuerySet[Any]:
        """Return the rows with what their serializer shows, in one query."""
        rows = super().get_queryset()
        return rows.defer(*self.only_in_details) if self.action == "list" else rows

    def written_to(self) -> str:
        """Return the alias of the database to which the rows are written."""
        return router.db_for_write(super().get_queryset().model)
