"""A document: its key is a UUID, and a version tells apart what the state cannot."""

import uuid

from django.db import models

from detent.workflow import Move, StateField, Workflow, WorkflowEnabled


class DocumentWorkflow(Workflow):
    """From open to sealed and back; an open document may be edited."""

    states = (("open", "Open"), ("sealed", "Sealed"))
    transitions = (("edit", "open", "open"), ("seal", "open", "sealed"), ("unseal", "sealed", "open"))
    initial_state = "open"
    version = "revision"


class Document(WorkflowEnabled, models.Model):
    """A text that several people change."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    text = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    state = StateField(DocumentWorkflow)

    edit: Move
    seal: Move
    unseal: Move

    def __str__(self) -> str:
        return f"document {self.pk}"
