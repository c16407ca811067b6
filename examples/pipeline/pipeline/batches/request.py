"""Asking for a batch."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from detent.trigger.models import TriggerEvent
from pipeline.batches.definition import BatchDefinition
from pipeline.interface import TypeWarning
from pipeline.models import Batch, RecipeType


@transaction.atomic
def request_batch(recipe_type: RecipeType, definition: Mapping[str, Any], user: str) -> tuple[Batch, list[TypeWarning]]:
    """Return a batch that is to be carried out: the one like it that was not finished, or a new one.

    Args:
        recipe_type: Which recipe type is to process the files.
        definition: What `BatchDefinition` takes.
        user: Who asks for it, by name.

    Returns:
        The batch, and what may go wrong.

    Raises:
        InvalidBatch: It cannot be done.
    """
    warnings = BatchDefinition(definition).warnings(recipe_type)
    unfinished = Batch.objects.filter(recipe_type=recipe_type).exclude(state="completed")
    for batch in unfinished.order_by("pk"):
        if batch.definition == definition:
            return batch, warnings
    event = TriggerEvent.objects.create_trigger_event("USER", None, {"user": user}, timezone.now())
    return Batch.objects.create(event=event, recipe_type=recipe_type, definition=definition), warnings
