"""Signed messages that came in."""

from django.db import models
from django.utils import timezone


class ReceivedMessage(models.Model):
    """A signed message that was taken in; one with the same identifier is not taken in again.

    Attributes:
        key: The digest of its sender and identifier.
        timestamp: When it was sent, in seconds since 1970, as its signature says.
        received: When it was taken in.
    """

    key = models.CharField(max_length=64, primary_key=True)
    timestamp = models.BigIntegerField()
    received = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        app_label = "trigger"
        db_table = "trigger_received_message"
        default_permissions = ()

    def __str__(self) -> str:
        return f"message received {self.received}"
