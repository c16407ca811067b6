"""The record that a rule was triggered."""

from collections.abc import Iterator
from typing import ClassVar

from django.db import models

from detent.trigger.created import created_by
from detent.trigger.managers.events import TriggerEventManager
from detent.trigger.models.occurrence import Occurrence
from detent.trigger.models.rule import TriggerRule
from detent.trigger.models.window import WindowIndex
from detent.trigger.windows.key import LONGEST_KEY


class TriggerEvent(models.Model):
    """An event where a trigger occurred: a rule was triggered, or something happened without one.

    Attributes:
        type: The type of the trigger that occurred; of an occurrence's type, the first 50 characters.
        rule: The rule that triggered this event, or None.
        description: What there is to say of it, as JSON.
        occurred: When it occurred.
        occurrence: What triggered the rule; None for an event made without `emit`.
        lineage: The lineage of the rule; an occurrence triggers each lineage once.
        outcome: "" if the rule's actions go ahead, `failed` if the rule could not be evaluated; otherwise what its
            window made of it, or has yet to make, in the words of `detent.trigger.windows.outcomes`.
        reason: Why, where the outcome asks for a reason.
        window_key: The key of the rule's window that it belongs to; None: the rule has no window.
        window_part: Its part in an absence: `open`, `end` or `both`; "" in any other window.
    """

    FAILED: ClassVar[str] = "failed"

    id = models.AutoField(primary_key=True)
    type = models.CharField(max_length=50, db_index=True)
    rule = models.ForeignKey(TriggerRule, blank=True, null=True, on_delete=models.PROTECT)
    description = models.JSONField(default=dict)
    occurred = models.DateTimeField(db_index=True)
    occurrence = models.ForeignKey(
        Occurrence, blank=True, null=True, on_delete=models.PROTECT, related_name="events", editable=False
    )
    lineage = models.UUIDField(blank=True, null=True, editable=False)
    outcome = models.CharField(max_length=20, blank=True, default="", editable=False)
    reason = models.TextField(blank=True, default="", editable=False)
    window_key = models.CharField(max_length=LONGEST_KEY, blank=True, null=True, editable=False)
    window_part = models.CharField(max_length=4, blank=True, default="", editable=False)

    objects: ClassVar[TriggerEventManager] = TriggerEventManager()

    class Meta:
        app_label = "trigger"
        db_table = "trigger_event"
        constraints = [
            models.UniqueConstraint(fields=["occurrence", "lineage"], name="trigger_event_once_a_lineage"),
        ]
        indexes = [
            WindowIndex(fields=["outcome", "lineage", "window_key", "occurred"], name="trigger_event_window"),
            models.Index(fields=["lineage", "outcome", "occurred"], name="trigger_event_by_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.pk}"

    def created_objects(self) -> Iterator[models.Model]:
        """Yield the rows, of whatever model, that hold a foreign key to this event, each once.

        Deliveries are not among them. A model that has no table where its rows would be read is passed over.
        """
        yield from created_by([self])[self.pk]
