"""The logs of any model with integer keys: how their rows point at objects, and the log of all transitions."""

from typing import Any, ClassVar

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _

from detent.workflow.errors import UnloggableKey
from detent.workflow.keys import Reference, integer_key, key_field
from detent.workflow.logs.base import BaseTransitionLog
from detent.workflow.logs.pointing import content_type_of, generic_expressions, positive_integer, subject_of


class PointsByInteger(models.Model):
    """Mixin of logs that point at an object by its content type and its integer key."""

    class Meta:
        abstract = True

    @classmethod
    def cannot_point_at(cls, model: type[models.Model]) -> str:
        """Say why the rows of this log cannot point at objects of a model; "" if they can."""
        key = key_field(model)
        return "" if isinstance(key, models.IntegerField) else f"their key is no integer but a {type(key).__name__}"

    @classmethod
    def columns_of(cls, modified_object: models.Model) -> dict[str, Any]:
        """Return the columns that point at an object, with their values.

        Raises:
            UnloggableKey: The object's key is none that such a log can hold.
        """
        key = modified_object.pk
        content_id = positive_integer(key)
        if content_id is None and key is not None:
            raise UnloggableKey(cls._meta.label, modified_object, key, **subject_of(modified_object, cls))
        return {"content_type": content_type_of(modified_object), "content_id": content_id}

    @classmethod
    def pointing_columns(cls, model: type[models.Model], using: str, reference: Reference) -> dict[str, Any] | None:
        """Return the columns that point at objects of a model as expressions; arguments as in `BaseTransitionLog`."""
        return generic_expressions(cls, model, using, {"content_id": integer_key(model, reference)})


class GenericTransitionLog(PointsByInteger, BaseTransitionLog):
    """A log that can point at objects of any model with a positive integer key.

    Attributes:
        content_type: The model of the object.
        content_id: Its key.
        modified_object: The object.
    """

    MODIFIED_OBJECT_FIELD: ClassVar[str] = "modified_object"

    content_type = models.ForeignKey(
        ContentType, on_delete=models.CASCADE, verbose_name=_("Content type"), blank=True, null=True
    )
    content_id = models.PositiveIntegerField(_("Content id"), blank=True, null=True, db_index=True)
    modified_object = GenericForeignKey(ct_field="content_type", fk_field="content_id")

    class Meta(BaseTransitionLog.Meta):
        abstract = True
