"""The revisions whose events a worker decides, compiled: that in force, and those that were when their events came."""

from functools import cached_property
from uuid import UUID

from detent.trigger.configuration.exceptions import InvalidTriggerRule
from detent.trigger.models import TriggerRule
from detent.trigger.ruleset import CompiledRule, compile_rule, current_ruleset
from detent.trigger.windows.absence import Absence
from detent.trigger.windows.entry import Window


class Revisions:
    """The revisions of rules, each compiled once.

    Args:
        using: The database alias.
    """

    def __init__(self, using: str) -> None:
        self._using = using
        self._in_force = current_ruleset(using).rules
        self._former: dict[int, CompiledRule] = {}

    def get(self, rule_id: int) -> CompiledRule:
        """Return a revision.

        Raises:
            InvalidTriggerType: This process does not know its type.
            InvalidTriggerRule: Its configuration is invalid by now.
        """
        if rule_id in self._in_force:
            return self._in_force[rule_id]
        if rule_id not in self._former:
            self._former[rule_id] = compile_rule(TriggerRule.objects.using(self._using).get(pk=rule_id))
        return self._former[rule_id]

    def window_of(self, rule_id: int) -> Window:
        """Return the window of a revision.

        Raises:
            InvalidTriggerType: This process does not know its type.
            InvalidTriggerRule: Its configuration is invalid by now, or has no window.
        """
        window = self.get(rule_id).configuration.window
        if window is None:
            raise InvalidTriggerRule(f"revision {rule_id} has no window any more")
        return window

    def listen_for(self, window: Window, lineage: UUID) -> bool:
        """Tell whether what cancels an absence is still heard: the rule in force asks for it, under the same key."""
        rule = self._by_lineage.get(lineage)
        return not isinstance(window, Absence) or (rule is not None and window.hears_as(rule.configuration.window))

    @cached_property
    def _by_lineage(self) -> dict[UUID, CompiledRule]:
        return {rule.lineage: rule for rule in self._in_force.values()}
