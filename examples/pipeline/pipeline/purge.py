"""Removing what was made of a file, in steps that each commit: a purge that was killed goes on where it was."""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from detent.trigger.delivery.operators import cancel
from detent.trigger.models import Delivery, TriggerEvent
from pipeline.models import Job, PurgeResults, Recipe, SourceFile

TOGETHER = 500
"""How many rows are removed in one transaction."""


def purge(file: SourceFile, user: User) -> PurgeResults:
    """Remove a file's jobs with their results, and its recipes; the file's row, the events and the logs stay.

    Each job and recipe moves to `purged` before its row is deleted, so that the log tells its end. What a worker is at
    stays, and the purge unfinished: it goes on when it is asked for again.

    Args:
        file: The file.
        user: Who asks for it.

    Returns:
        The record of what was removed, completed or not.
    """
    results = _unfinished(file).first() or _begin(file, user)
    cancel(_deliveries(file).filter(state__in=["waiting", "dead"]), by=user)
    while not _is_stopped(results) and (_remove_jobs(results, user) or _remove_recipes(results, user)):
        pass
    results.refresh_from_db()
    if not results.force_stop_purge and not _remains(file):
        results.purge_completed = timezone.now()
        results.save(update_fields=["purge_completed"])
    return results


def stop(file: SourceFile) -> int:
    """Have the purges of a file that go on end after their current step, and tell how many there are."""
    return _unfinished(file).update(force_stop_purge=True)


def _unfinished(file: SourceFile) -> QuerySet[PurgeResults]:
    return PurgeResults.objects.filter(source_file_id=file.pk, purge_completed=None, force_stop_purge=False)


@transaction.atomic
def _begin(file: SourceFile, user: User) -> PurgeResults:
    description = {"user": user.username, "file_id": file.pk}
    event = TriggerEvent.objects.create_trigger_event("PURGE", None, description, timezone.now())
    return PurgeResults.objects.create(trigger_event=event, source_file_id=file.pk)


def _is_stopped(results: PurgeResults) -> bool:
    return PurgeResults.objects.filter(pk=results.pk, force_stop_purge=True).exists()


def _deliveries(file: SourceFile) -> QuerySet[Delivery]:
    """Return what is still to be done for a file, or dead: as it came in, and for its recipes."""
    recipes = list(Recipe.objects.filter(file=file).values_list("pk", flat=True))
    of_file = Q(event__occurrence__data__file_id=file.pk)
    of_recipes = Q(event__occurrence__data__context__recipe__in=recipes)
    unfinished = Delivery.objects.filter(state__in=["waiting", "running", "dead"])
    return unfinished.filter(of_file | of_recipes if recipes else of_file)


def _remains(file: SourceFile) -> bool:
    made = Job.objects.filter(file=file).exists() or Recipe.objects.filter(file=file).exists()
    return made or _deliveries(file).exclude(state="dead").exists()


@transaction.atomic
def _remove_jobs(results: PurgeResults, user: User) -> int:
    """Remove some jobs, and tell how many; one that runs is not moved."""
    here = Job.objects.filter(file=results.source_file_id).exclude(state="running").order_by("pk")[:TOGETHER]
    jobs = Job.objects.filter(pk__in=[job.pk for job in here])
    jobs.transition("purge", by=user, context={"purge": results.pk})
    products = jobs.in_state("purged").exclude(result={}).count()
    removed, _ = jobs.in_state("purged").delete()
    _count(results, num_jobs_deleted=removed, num_products_deleted=products)
    return removed


@transaction.atomic
def _remove_recipes(results: PurgeResults, user: User) -> int:
    """Remove the recipes of which no job is left, and tell how many."""
    here = Recipe.objects.filter(file=results.source_file_id, job=None).order_by("pk")[:TOGETHER]
    recipes = Recipe.objects.filter(pk__in=[recipe.pk for recipe in here])
    recipes.transition("purge", by=user, context={"purge": results.pk})
    removed, _ = recipes.in_state("purged").delete()
    _count(results, num_recipes_deleted=removed)
    return removed


def _count(results: PurgeResults, **removed: int) -> None:
    PurgeResults.objects.filter(pk=results.pk).update(**{name: F(name) + count for name, count in removed.items()})
