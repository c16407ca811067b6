"""Jobs, and the types that say which rule makes them."""

from collections.abc import Mapping

from django.db import models

from detent.trigger import InvalidTriggerType
from detent.trigger.configuration.connection import ValidationWarning
from detent.trigger.configuration.trigger_rule import JobTriggerRuleConfiguration, TriggerRuleConfiguration
from detent.trigger.models import TriggerEvent
from detent.workflow import Move, StateField, WorkflowEnabled, WorkflowQuerySet, transition
from pipeline.interface import Interface
from pipeline.models.file import SourceFile
from pipeline.models.triggered_type import TriggeredType
from pipeline.workflows import JobWorkflow


class JobType(TriggeredType):
    """A kind of work, and the rule that triggers it (None: only recipes use it)."""

    STARTED_AS = "job_type"

    def check_definition(self) -> list[ValidationWarning]:
        """Check the inputs.

        Raises:
            InvalidDefinition: They cannot be so.
        """
        Interface(self.inputs)
        return []

    def check_connection(self, configuration: TriggerRuleConfiguration) -> list[ValidationWarning]:
        """Check what a rule gives.

        Raises:
            InvalidTriggerType: Such a rule makes no jobs.
            InvalidConnection: It does not fit.
        """
        rule_type = configuration.trigger_rule_type
        if not isinstance(configuration, JobTriggerRuleConfiguration):
            raise InvalidTriggerType(f"{rule_type} is an invalid trigger rule type for creating jobs", rule_type)
        return configuration.validate_trigger_for_job(Interface(self.inputs))


class Job(WorkflowEnabled, models.Model):
    """One piece of work on one file.

    Attributes:
        job_type: What is done.
        file: To which file.
        event: Which event asked for it.
        recipe: The recipe of which it is a part, or None.
        result: What the work found, as JSON.
        reason: Why it failed, or "".
    """

    # The unique constraint is an index by event; few types make an index by type no quicker than none.
    job_type = models.ForeignKey(JobType, on_delete=models.PROTECT, db_index=False)
    file = models.ForeignKey(SourceFile, on_delete=models.PROTECT)
    event = models.ForeignKey(TriggerEvent, on_delete=models.PROTECT, db_index=False)
    recipe = models.ForeignKey("pipeline.Recipe", blank=True, null=True, on_delete=models.PROTECT)
    result = models.JSONField(default=dict, blank=True)
    reason = models.TextField(blank=True)
    state = StateField(JobWorkflow)

    objects = WorkflowQuerySet.as_manager()

    start: Move
    retry: Move
    cancel: Move
    purge: Move

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "job_type"], name="one_job_an_event_and_type"),
        ]

    def __str__(self) -> str:
        return f"{self.job_type} of {self.file}"

    @transition()
    def complete(self, result: Mapping[str, object]) -> None:
        """Keep what the work found."""
        self.result = dict(result)
        self.reason = ""

    @transition()
    def fail(self, reason: str) -> None:
        """Keep why it failed."""
        self.reason = reason
