"""Whether a rule is in force and, if not, since when and by whose act."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from django.apps import apps

from detent.trigger.history.revisions import told
from detent.workflow.actor import name_of

if TYPE_CHECKING:
    from detent.trigger.models.rule import TriggerRule
    from detent.trigger.models.switch import RuleSwitch


@dataclass(frozen=True)
class Standing:
    """Whether a rule is in force.

    Attributes:
        state: Whether it is in force, paused or archived.
        since: Since when it is paused or archived; None if that is not known.
        by: The name of who paused or archived it; None if that is not known.
        successor: The key of the revision that superseded it, or None.
    """

    state: Literal["in force", "paused", "archived"]
    since: datetime | None = None
    by: str | None = None
    successor: int | None = None

    def __str__(self) -> str:
        said = f"{self.state} since {told(self.since, self.by)}" if self.since else self.state
        return f"{said}, superseded by rule {self.successor}" if self.successor else said


def standing_of(rule: "TriggerRule") -> Standing:
    """Say whether a rule is in force."""
    if rule.archived is not None:
        successor = type(rule).objects.using(rule._state.db).filter(supersedes=rule.pk).first()
        return Standing("archived", rule.archived, name_of(rule.archived_by), successor and successor.pk)
    if rule.is_active:
        return Standing("in force")
    # Its module asks for that of rules, which asks for this one.
    switches: type[RuleSwitch] = apps.get_model("trigger", "RuleSwitch")
    # A revision of a paused rule is paused by what was done to the one before it.
    of_lineage = switches._default_manager.using(rule._state.db).filter(rule__lineage=rule.lineage)
    last = of_lineage.select_related("by").order_by("-pk").first()
    return Standing("paused", last.at, name_of(last.by)) if last and not last.is_active else Standing("paused")
