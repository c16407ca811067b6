"""What the pipeline's rules can ask for."""

from datetime import datetime

from detent.trigger import Retry, action
from detent.trigger.models import Delivery
from pipeline import jobs, metrics, recipes


@action("pipeline.run_job")
def run_job(delivery: Delivery, *, job_type: str, file: int) -> Retry | None:
    """Do a job's work on a file; a job that fails is tried again as often as its delivery allows."""
    return jobs.run(jobs.job_of(delivery, job_type, file))


@action("pipeline.start_recipe")
def start_recipe(delivery: Delivery, *, recipe_type: str, file: int, batch: int | None = None) -> Retry | None:
    """Begin a recipe with its first job."""
    return recipes.start(delivery, recipe_type, file, batch)


@action("pipeline.advance_recipe")
def advance_recipe(delivery: Delivery, *, recipe: int, after: str) -> Retry | None:
    """Go on with a recipe after one of its jobs is completed."""
    return recipes.advance(delivery, recipe, after)


@action("pipeline.measure_days")
def measure_days(delivery: Delivery, *, until: str) -> None:
    """Measure the days that have ended since the last one that was measured."""
    metrics.measure_days(datetime.fromisoformat(until), delivery.event)
