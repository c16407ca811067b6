"""The table of the workflow floor: answers to requests that are to be done once."""

from django.db import models
from django.utils import timezone


class KeptAnswer(models.Model):
    """The answer to the first request with an `Idempotency-Key`, to be given again to the others.

    Attributes:
        key: The key's digest: of one length, whatever case and length the key has.
        request: The digest of what was asked, by whom.
        status: The HTTP status of the answer; None while the request is under way, and after one that did nothing.
        body: The answer, as JSON.
        version: What the entity tag of the answer says of the object's state.
        made: When the request was made.
    """

    key = models.CharField(max_length=64, primary_key=True)
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.TextField(default="")
    version = models.CharField(max_length=64, default="")
    made = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        app_label = "detent_workflow"
        db_table = "detent_workflow_kept_answer"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.status or 'no'} answer of {self.made}"
