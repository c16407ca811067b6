"""When a clock rule ticks next, and what it has told of."""

from django.db import models

from detent.trigger.models.rule import TriggerRule


class ClockSchedule(models.Model):
    """The next due time of a clock rule, a row that a worker claims.

    Attributes:
        lineage: The lineage of the rule; its revisions share the row.
        rule: The revision that is in force, or was before it was paused.
        rule_modified: The rule's `last_modified` when `due` was found; a rule loaded again from a fixture has another.
        revised: When that revision was created.
        start: When the lineage began; a period is counted from that day's midnight, in UTC.
        told: Up to when each slot has a tick or is counted as missed by one.
        due: When a worker looks at it next; None: not before the rules change, as the rule is paused or cannot tick.
    """

    id = models.BigAutoField(primary_key=True)
    lineage = models.UUIDField(unique=True)
    rule = models.ForeignKey(TriggerRule, on_delete=models.CASCADE, related_name="+")
    rule_modified = models.DateTimeField()
    revised = models.DateTimeField()
    start = models.DateTimeField()
    told = models.DateTimeField()
    due = models.DateTimeField(blank=True, null=True, db_index=True)

    class Meta:
        app_label = "trigger"
        db_table = "trigger_clock_schedule"

    def __str__(self) -> str:
        return f"rule {self.rule_id} at {self.due.isoformat() if self.due else 'no time'}"
