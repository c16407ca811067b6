"""The pipeline's tables."""

from pipeline.models.batch import Batch
from pipeline.models.file import SourceFile
from pipeline.models.job import Job, JobType
from pipeline.models.metrics import DailyMetrics
from pipeline.models.purge_results import PurgeResults
from pipeline.models.recipe import Recipe, RecipeType
from pipeline.models.run import Run

__all__ = ["Batch", "DailyMetrics", "Job", "JobType", "PurgeResults", "Recipe", "RecipeType", "Run", "SourceFile"]
