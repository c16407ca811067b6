"""The log that can point at any object, and keeps the circumstances of a transition."""

from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from detent.workflow.cause import CAUSE_LENGTH
from detent.workflow.keys import Reference, key_field, positive_integer_key, text_of_key
from detent.workflow.logs.generic import GenericTransitionLog
from detent.workflow.logs.pointing import (
    LoggedObject,
    content_type_of,
    generic_expressions,
    key_as_text,
    positive_integer,
)
from detent.workflow.passage import KEY_LENGTH


class DetailedTransitionLog(GenericTransitionLog):
    """A log that can point at any object, and keeps what the call's options and surroundings say.

    Attributes:
        object_key: The object's key as text, of whatever type it is; a key of several columns as a JSON list.
        state_field: The name of the state field that moved.
        context: The circumstances that the call named.
        cause: What the transition was made in the course of, such as `delivery:17`, or "".
        key: The idempotency key of the call, or None; unique for the transition of an object.
    """

    EXTRA_LOG_ATTRIBUTES: ClassVar[tuple[tuple[str, str, Any], ...]] = (
        ("state_field", "state_field", ""),
        ("context", "context", {}),
        ("cause", "cause", ""),
        ("key", "key", None),
    )

    object_key = models.CharField(_("object key"), max_length=255, blank=True, default="")
    state_field = models.CharField(_("state field"), max_length=100, blank=True, default="")
    context = models.JSONField(_("context"), blank=True, default=dict, encoder=DjangoJSONEncoder)
    cause = models.CharField(_("cause"), max_length=CAUSE_LENGTH, blank=True, default="", db_index=True)
    key = models.CharField(_("key"), max_length=KEY_LENGTH, blank=True, null=True, default=None)
    modified_object = LoggedObject(ct_field="content_type", fk_field="object_key")

    class Meta(GenericTransitionLog.Meta):
        abstract = True
        constraints = (
            # It begins with what points at an object, and so serves to find an object's rows.
            models.UniqueConstraint(
                fields=["content_type", "object_key", "state_field", "transition", "key"],
                name="%(app_label)s_%(class)s_key",
            ),
        )

    @classmethod
    def cannot_point_at(cls, model: type[models.Model]) -> str:
        """Say why the rows of this log cannot point at objects of a model; "" if they can."""
        longest = getattr(key_field(model), "max_length", None) or 0
        room: int = getattr(cls._meta.get_field("object_key"), "max_length", longest)
        return (
            "" if longest <= room else f"their key has up to {longest} characters, and object_key has room for {room}"
        )

    @classmethod
    def columns_of(cls, modified_object: models.Model) -> dict[str, Any]:
        """Return the columns that point at an object, with their values."""
        key = modified_object.pk
        pointer = {"content_type": content_type_of(modified_object), "content_id": positive_integer(key)}
        return {**pointer, "object_key": key_as_text(key)}

    @classmethod
    def pointing_columns(cls, model: type[models.Model], using: str, reference: Reference) -> dict[str, Any] | None:
        """Return the columns that point at objects of a model as expressions; arguments as in the base class."""
        return generic_expressions(cls, model, using, {"object_key": text_of_key(model, using, reference)})

    @classmethod
    def further_columns(cls, model: type[models.Model]) -> dict[str, Any]:
        """Return the columns that repeat in another form at which objects a row points."""
        return {"content_id": positive_integer_key(model)}
