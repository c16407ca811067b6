"""The logs that keep one row for each object: its latest transition."""

from typing import Any, ClassVar, Self

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from detent.workflow.logs.base import BaseTransitionLog
from detent.workflow.logs.generic import PointsByInteger
from detent.workflow.logs.pointing import written_database


class BaseLastTransitionLog(BaseTransitionLog):
    """A log that keeps one row for each object: its latest transition."""

    class Meta:
        abstract = True
        verbose_name = _("XWorkflow last transition log")
        verbose_name_plural = _("XWorkflow last transition logs")

    @classmethod
    def _write(cls, values: dict[str, Any], modified_object: models.Model) -> Self:
        latest = {**values, "timestamp": timezone.now()}
        rows = cls._default_manager.using(written_database(modified_object))
        return rows.update_or_create(**cls.columns_of(modified_object), defaults=latest)[0]


class GenericLastTransitionLog(PointsByInteger, BaseLastTransitionLog):
    """A log of the latest transition that can point at objects of any model with a positive integer key.

    Attributes:
        content_type: The model of the object.
        content_id: Its key.
        modified_object: The object.
    """

    MODIFIED_OBJECT_FIELD: ClassVar[str] = "modified_object"

    content_type = models.ForeignKey(
        ContentType,
        on_delete=models.CASCADE,
        verbose_name=_("Content type"),
        related_name="last_transition_logs",
        blank=True,
        null=True,
    )
    content_id = models.PositiveIntegerField(_("Content id"), blank=True, null=True, db_index=True)
    modified_object = GenericForeignKey(ct_field="content_type", fk_field="content_id")

    class Meta(BaseLastTransitionLog.Meta):
        abstract = True
        unique_together = (("content_type", "content_id"),)
