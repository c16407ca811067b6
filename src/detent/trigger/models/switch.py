"""The record that a rule was paused or resumed."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from detent.trigger.models.rule import TriggerRule


class RuleSwitch(models.Model):
    """A rule was paused or resumed; written by `TriggerRule.pause` and `TriggerRule.resume`.

    Attributes:
        rule: The revision that was in its place then.
        is_active: What it became: true if it was resumed.
        at: When.
        by: Who did it, or None.
    """

    id = models.BigAutoField(primary_key=True)
    rule = models.ForeignKey(TriggerRule, on_delete=models.CASCADE, related_name="switches")
    is_active = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, blank=True, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        app_label = "trigger"
        db_table = "trigger_rule_switch"
        verbose_name_plural = "rule switches"

    def __str__(self) -> str:
        return f"rule {self.rule_id} {'resumed' if self.is_active else 'paused'} at {self.at.isoformat()}"
