"""Recipes: several jobs on one file, in order."""

from collections.abc import Iterator

from django.db import models

from detent.trigger import InvalidTriggerType
from detent.trigger.configuration.connection import (
    Connection,
    InvalidConnection,
    InvalidRecipeConnection,
    ValidationWarning,
)
from detent.trigger.configuration.trigger_rule import RecipeTriggerRuleConfiguration, TriggerRuleConfiguration
from detent.trigger.models import TriggerEvent
from detent.workflow import Move, StateField, WorkflowEnabled, WorkflowQuerySet
from pipeline.interface import Interface, InvalidDefinition
from pipeline.models.file import SourceFile
from pipeline.models.job import JobType
from pipeline.models.triggered_type import TriggeredType
from pipeline.workflows import RecipeWorkflow


class RecipeType(TriggeredType):
    """A kind of recipe: the job types that it runs, in order, and the rule that triggers it."""

    STARTED_AS = "recipe_type"

    steps = models.JSONField()

    def check_definition(self) -> list[ValidationWarning]:
        """Check that each step is a job type which takes in what the recipe does.

        Raises:
            InvalidDefinition: It is not, or the inputs cannot be so.
        """
        connection = Connection()
        for name, media_types in Interface(self.inputs).inputs.items():
            connection.add_input_file(name, multiple=False, media_types=media_types, optional=False, partial=False)
        return [warning for step in self._job_types() for warning in _check_step(step, connection)]

    def check_connection(self, configuration: TriggerRuleConfiguration) -> list[ValidationWarning]:
        """Check what a rule gives.

        Raises:
            InvalidTriggerType: Such a rule makes no recipes.
            InvalidRecipeConnection: It does not fit.
        """
        rule_type = configuration.trigger_rule_type
        if not isinstance(configuration, RecipeTriggerRuleConfiguration):
            raise InvalidTriggerType(f"{rule_type} is an invalid trigger rule type for creating recipes", rule_type)
        return configuration.validate_trigger_for_recipe(Interface(self.inputs, InvalidRecipeConnection))

    def _job_types(self) -> Iterator[JobType]:
        if not isinstance(self.steps, list) or not self.steps:
            raise InvalidDefinition(f"steps must be a list of job types, not {self.steps!r}")
        known = {job_type.name: job_type for job_type in JobType.objects.filter(name__in=self.steps)}
        for step in self.steps:
            if step not in known:
                raise InvalidDefinition(f"Step {step!r} is no job type; there must be one of that name first")
            yield known[step]


def _check_step(job_type: JobType, connection: Connection) -> list[ValidationWarning]:
    try:
        return Interface(job_type.inputs).validate_connection(connection)
    except InvalidConnection as error:
        raise InvalidDefinition(f"Step {job_type.name!r} does not fit: {error}") from error


class Recipe(WorkflowEnabled, models.Model):
    """Several jobs on one file, in order; the next one starts when the one before it is completed.

    Attributes:
        recipe_type: What is done.
        file: To which file.
        event: Which event asked for it.
        batch: The batch that made up for it, or None.
        state: How far it is.
    """

    recipe_type = models.ForeignKey(RecipeType, on_delete=models.PROTECT)
    file = models.ForeignKey(SourceFile, on_delete=models.PROTECT)
    event = models.ForeignKey(TriggerEvent, on_delete=models.PROTECT)
    batch = models.ForeignKey("pipeline.Batch", blank=True, null=True, on_delete=models.PROTECT)
    state = StateField(RecipeWorkflow)

    objects = WorkflowQuerySet.as_manager()

    start: Move
    complete: Move
    purge: Move

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event"], name="one_recipe_an_event"),
        ]

    def __str__(self) -> str:
        return f"{self.recipe_type} of {self.file}"

    def step_after(self, job_type: str) -> str | None:
        """Return the name of the job type that follows another in this recipe, or None after the last."""
        steps: list[str] = self.recipe_type.steps
        following = steps[steps.index(job_type) + 1 :]
        return following[0] if following else None
