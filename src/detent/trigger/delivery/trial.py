"""An attempt under way, and the three ways in which it can end."""

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from detent.trigger.actions.registry import InvalidSettings
from detent.trigger.actions.template import TemplateError
from detent.trigger.delivery.ending import Ending
from detent.trigger.delivery.failure import describe, storable, trace_of
from detent.trigger.delivery.outcome import Reject, Retry
from detent.trigger.delivery.retry import backoff
from detent.trigger.delivery.workflow import BURY, DEFER, FINISH, RETRY, Step
from detent.trigger.errors import CausationTooDeep
from detent.trigger.models import Delivery

FINAL = (Reject, TemplateError, InvalidSettings, CausationTooDeep)
"""What no further attempt can change: it follows from the row and from what the action is given."""


@dataclass(frozen=True, slots=True)
class Trial:
    """An attempt under way, which says how it ends; writing that down is another matter.

    Attributes:
        delivery: What is tried, as it was claimed.
        started: When it began.
    """

    delivery: Delivery
    started: datetime = field(default_factory=timezone.now)
    _stopwatch: float = field(default_factory=time.perf_counter)

    def ended(self, outcome: Retry | Reject | None) -> Ending:
        """End as the action asked by what it returned."""
        return self._end(FINISH, "done") if outcome is None else self.failed(outcome)

    def failed(self, error: BaseException) -> Ending:
        """End with an error: dead if no attempt can change it or none is left, else to be tried again."""
        if isinstance(error, FINAL):
            return self._dead(storable(str(error)))._replace(rejected=True)
        if isinstance(error, Retry):
            return self._again(storable(error.reason), after=error.after)
        return self._again(describe(error), trace=trace_of(error))

    def _again(self, error: str, *, after: timedelta | None = None, trace: str = "") -> Ending:
        attempts = self.delivery.attempts
        if attempts >= self.delivery.max_attempts:
            return self._dead(error, trace)
        # One that waits for its next attempt does not take a place that another of its rule could use.
        step = RETRY if self.delivery.concurrency is None else DEFER
        return self._end(step, "retry", error, trace, backoff(attempts) if after is None else after)

    def _dead(self, error: str, trace: str = "") -> Ending:
        return self._end(BURY, "dead", error, trace)

    def _end(self, step: Step, outcome: str, error: str = "", trace: str = "", wait: timedelta | None = None) -> Ending:
        duration = time.perf_counter() - self._stopwatch
        return Ending(self.delivery, step, outcome, self.started, duration, error, trace, wait)
