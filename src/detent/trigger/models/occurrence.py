"""Something that happened."""

from typing import Any

from django.db import models
from django.utils import timezone

from detent.trigger.document import Document, document_of


class Occurrence(models.Model):
    """Something that happened, taken in by `emit`; kept because a rule matched it, or on demand.

    `source` and `identifier` (the `id` of CloudEvents) name it; the same pair is taken in once.

    Attributes:
        type: What kind of thing happened, such as `order.paid`.
        source: Who says so.
        identifier: What tells it apart among all that its source says.
        subject: What it happened to, or "".
        time: When it happened.
        data: Whatever else there is to say, as JSON.
        recorded: When it was taken in.
        cause: What it was emitted in the course of, such as `delivery:17`, or "".
        depth: How many occurrences stand above it in its chain of causes.
        transition: The transition in whose method or hook it was emitted, as the data of an occurrence of the type
            `detent.transition` tell of one; None if it was emitted in none.
        traceparent: The trace in which it was emitted, as W3C Trace Context writes it, or "".
    """

    id = models.BigAutoField(primary_key=True)
    type = models.CharField(max_length=255, db_index=True)
    source = models.CharField(max_length=255)
    identifier = models.CharField(max_length=255)
    subject = models.CharField(max_length=255, blank=True, default="")
    time = models.DateTimeField(db_index=True)
    data = models.JSONField()
    recorded = models.DateTimeField(default=timezone.now)
    cause = models.CharField(max_length=100, blank=True, default="", db_index=True)
    depth = models.PositiveSmallIntegerField(default=0)
    transition = models.JSONField(blank=True, null=True, editable=False)
    traceparent = models.CharField(max_length=55, blank=True, default="", db_default="", editable=False)

    class Meta:
        app_label = "trigger"
        db_table = "trigger_occurrence"
        permissions = [("replay_occurrence", "Can replay occurrences")]
        constraints = [
            models.UniqueConstraint(fields=["source", "identifier"], name="trigger_occurrence_once"),
        ]

    def __str__(self) -> str:
        return f"{self.type} from {self.source}, id {self.identifier}"

    def document(self) -> Document:
        """Return what patterns and templates see of this occurrence."""
        data: dict[str, Any] = self.data
        return document_of(
            type=self.type,
            source=self.source,
            subject=self.subject,
            id=self.identifier,
            time=self.time,
            data=data,
        )
