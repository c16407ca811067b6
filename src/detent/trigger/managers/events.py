"""What trigger events can do as a whole; the seed's `TriggerEventManager`."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, router, transaction
from django.utils.timezone import is_naive

from detent.trigger.errors import InvalidTriggerEvent, NotInTransaction
from detent.trigger.payload import NotJson, payload_of, text_complaint

if TYPE_CHECKING:
    from detent.trigger.models.event import TriggerEvent
    from detent.trigger.models.rule import TriggerRule


class TriggerEventManager(models.Manager["TriggerEvent"]):
    """Provides additional methods for handling trigger events."""

    def create_trigger_event(
        self,
        trigger_type: str,
        rule: "TriggerRule | None",
        description: dict[str, Any],
        occurred: datetime,
    ) -> "TriggerEvent":
        """Create and save a new trigger event, outside of any occurrence.

        Args:
            trigger_type: The type of the trigger that occurred.
            rule: The rule that triggered the event, possibly None; it must have been saved.
            description: The JSON description of the event.
            occurred: When the event occurred.

        Returns:
            The new trigger event.

        Raises:
            InvalidTriggerEvent: The type, the description or the time is None, or cannot be stored.
        """
        if trigger_type is None:
            raise InvalidTriggerEvent("type", "Trigger event must have a type")
        if description is None:
            raise InvalidTriggerEvent("description", "Trigger event must have a JSON description")
        if occurred is None:
            raise InvalidTriggerEvent("occurred", "Trigger event must have a timestamp")
        _check_type(trigger_type, self.model._meta.get_field("type").max_length)
        _check_moment(occurred)
        stored = _as_json(description)
        return self.create(type=trigger_type, rule=rule, description=stored, occurred=occurred)

    def get_locked_event(self, event_id: int) -> "TriggerEvent":
        """Lock and return the event with the given ID, with no related fields.

        Args:
            event_id: The event ID.

        Returns:
            The event, locked until the transaction ends.

        Raises:
            NotInTransaction: The caller is not within an atomic transaction.
        """
        using = self._db or router.db_for_write(self.model)
        if not transaction.get_connection(using).in_atomic_block:
            raise NotInTransaction("get_locked_event()")
        return self.using(using).select_for_update().get(pk=event_id)


def _check_type(trigger_type: object, longest: int | None) -> None:
    if not isinstance(trigger_type, str):
        raise InvalidTriggerEvent("type", f"Trigger event must have a type that is text, not {trigger_type!r}")
    if longest is not None and len(trigger_type) > longest:
        reason = f"must have a type of at most {longest} characters, not {len(trigger_type)}"
        raise InvalidTriggerEvent("type", f"Trigger event {reason}")
    if complaint := text_complaint(trigger_type):
        raise InvalidTriggerEvent("type", f"Trigger event must have a type that can be stored; it {complaint}")


def _check_moment(occurred: object) -> None:
    if not isinstance(occurred, datetime):
        raise InvalidTriggerEvent("occurred", f"Trigger event must have a date-time as timestamp, not {occurred!r}")
    if settings.USE_TZ and is_naive(occurred):
        raise InvalidTriggerEvent("occurred", "Trigger event must have a timestamp with a time zone")


def _as_json(description: object) -> Any:
    try:
        return payload_of(description, "description").value
    except NotJson as error:
        raise InvalidTriggerEvent("description", f"Trigger event must have a JSON description; {error}") from error
