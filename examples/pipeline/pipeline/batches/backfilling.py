"""Carrying a batch out: each old file becomes an occurrence, whose event asks for the recipe."""

import logging
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from detent.errors import DetentError
from detent.trigger import Emitted, emit
from detent.trigger.types.file_condition import FileCondition
from pipeline.batches.definition import BatchDefinition
from pipeline.models import Batch, PurgeResults, Recipe, SourceFile

logger = logging.getLogger("pipeline")

TOGETHER = 200
"""How many files are looked at in one transaction."""


def backfill(batch: Batch) -> None:
    """Ask for a recipe for each file that the batch is for. One that was killed goes on where it was.

    A file for which that fails is logged and counted; the others go on.

    Args:
        batch: The batch; it keeps count.

    Raises:
        InvalidBatch: The recipe type's rule has been changed to one that is not about files.
    """
    batch.begin()
    if condition := BatchDefinition(batch.definition).condition(batch.recipe_type):
        while files := list(candidates(batch)[:TOGETHER]):
            _take(batch, files, condition)
    batch.complete()


def candidates(batch: Batch) -> QuerySet[SourceFile]:
    """Return the files in the date range, still to be looked at, that the recipe type never processed.

    What was purged stays purged.
    """
    processed = Recipe.objects.filter(file=OuterRef("pk"), recipe_type=batch.recipe_type)
    purged = PurgeResults.objects.filter(source_file_id=OuterRef("pk"))
    in_range = SourceFile.objects.filter(BatchDefinition(batch.definition).files(), pk__gt=batch.position)
    return in_range.exclude(Exists(processed)).exclude(Exists(purged)).order_by("pk")


@transaction.atomic
def _take(batch: Batch, files: Sequence[SourceFile], condition: FileCondition) -> None:
    outcomes = [_ask(batch, file) for file in files if condition.is_condition_met(file)]
    Batch.objects.filter(pk=batch.pk).update(
        created_count=F("created_count") + outcomes.count(True),
        failed_count=F("failed_count") + outcomes.count(False),
        position=files[-1].pk,
    )
    batch.refresh_from_db(fields=["created_count", "failed_count", "position"])


def _ask(batch: Batch, file: SourceFile) -> bool | None:
    """Tell whether a recipe was asked for; None: it had been asked for before."""
    try:
        with transaction.atomic():
            emitted = _emit(batch, file)
    except DetentError:
        logger.exception("Batch %s cannot take %s", batch.pk, file)
        return False
    if emitted.duplicate:
        return None
    if not emitted.events:
        logger.error("Batch %s cannot take %s: no BATCH rule starts its recipe", batch.pk, file)
    return bool(emitted.events)


def _emit(batch: Batch, file: SourceFile) -> Emitted:
    return emit(
        "BATCH",
        {
            "file_id": file.pk,
            "file_name": file.path,
            "media_type": file.media_type,
            "data_types": file.data_type.split(",") if file.data_type else [],
            "recipe_type": batch.recipe_type.name,
            "batch": batch.pk,
        },
        # Not the batch: whichever batch asks, a recipe type processes a file once.
        source=f"recipe type {batch.recipe_type.name}",
        id=f"file {file.pk}",
        subject=file.path[:255],
    )
