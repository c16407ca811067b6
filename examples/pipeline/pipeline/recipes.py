"""How a recipe goes from one job to the next."""

from detent.trigger import Retry
from detent.trigger.models import Delivery
from pipeline import jobs
from pipeline.models import Recipe, RecipeType


def start(delivery: Delivery, recipe_type: str, file: int, batch: int | None) -> Retry | None:
    """Make the recipe that an event asked for, and run its first job."""
    the_type = RecipeType.objects.get(name=recipe_type)
    defaults = {"recipe_type": the_type, "file_id": file, "batch_id": batch}
    recipe, is_new = Recipe.objects.get_or_create(event=delivery.event, defaults=defaults)
    if is_new:
        recipe.start()
    return jobs.run(jobs.job_of(delivery, the_type.steps[0], file, recipe))


def advance(delivery: Delivery, recipe_id: int, after: str) -> Retry | None:
    """Run the job that follows a completed one, or complete the recipe; one that was purged meanwhile has none."""
    recipe = Recipe.objects.select_related("recipe_type").filter(pk=recipe_id).first()
    if recipe is None:
        return None
    step = recipe.step_after(after)
    if step:
        return jobs.run(jobs.job_of(delivery, step, recipe.file_id, recipe))
    recipe.complete()
    return None
