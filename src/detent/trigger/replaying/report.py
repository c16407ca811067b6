"""What a replay found and did, as data."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

SAMPLES = 5
"""How many occurrences are named for each rule, and how many reasons of failures are kept."""


@dataclass(frozen=True, slots=True)
class Sample:
    """An occurrence that triggered a rule, or would.

    Attributes:
        occurrence: Its key.
        source: Who said so.
        id: What tells it apart among all that its source says.
        complaint: Why an action's input cannot be made of it, or ""; looked for only in a dry run.
    """

    occurrence: int
    source: str
    id: str
    complaint: str = ""


@dataclass(slots=True)
class RuleReport:
    """What a replay made of one rule.

    Attributes:
        name: What the rule is called.
        rule: The key of the revision; None for a draft.
        triggered: How many occurrences triggered it or, in a dry run, would.
        already: How many had triggered it, in this revision or an earlier one, and do not again.
        failed: For how many it could not be evaluated.
        withdrawn: Whether it was archived, revised or paused during the replay, and left out from then on.
        samples: The first of those that triggered it.
        failures: Why it could not be evaluated, and how often; the first reasons only.
    """

    name: str
    rule: int | None
    triggered: int = 0
    already: int = 0
    failed: int = 0
    withdrawn: bool = False
    samples: list[Sample] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)

    def count_failure(self, reason: str) -> None:
        """Count an occurrence for which the rule could not be evaluated."""
        self.failed += 1
        if reason in self.failures or len(self.failures) < SAMPLES:
            self.failures[reason] += 1


@dataclass(slots=True)
class ReplayReport:
    """What a replay found and did; while it runs, what it has so far.

    Attributes:
        dry_run: Whether nothing was written.
        ruleset: The token of the ruleset whose rules were asked: those in force when the replay began.
        after: The key after which it began to look.
        last: The key of the last occurrence that it was to look at.
        reached: The key of the last occurrence that it has looked at; `after` for a replay that goes on from there.
        looked_at: How many occurrences it looked at.
        unreadable: About how many of those no pattern can be asked.
        rules_changed: Whether the rules changed meanwhile. Those no longer in force were left out from then on; new
            ones are for the next replay.
        rules: What it made of each rule.
    """

    dry_run: bool
    ruleset: str
    after: int
    last: int
    reached: int
    looked_at: int = 0
    unreadable: int = 0
    rules_changed: bool = False
    rules: list[RuleReport] = field(default_factory=list)

    @property
    def passed(self) -> float:
        """Which part of the keys it has looked at, from 0 to 1."""
        length = self.last - self.after
        return min(1.0, (self.reached - self.after) / length) if length > 0 else 1.0

    @property
    def is_complete(self) -> bool:
        """Whether it has looked at all that it was to look at."""
        return self.reached >= self.last

    @property
    def triggered(self) -> int:
        """How many events were made or, in a dry run, would be."""
        return sum(rule.triggered for rule in self.rules)

    @property
    def failed(self) -> int:
        """How often a rule could not be evaluated."""
        return sum(rule.failed for rule in self.rules)

    def as_data(self) -> dict[str, Any]:
        """Return the report as JSON has it."""
        return asdict(self)
