"""How rules fare, for the rows of one page: matches of the last day, when they fired last, what fails."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from detent.trigger.admin.filters import FIRED, OUTCOMES
from detent.trigger.models import Delivery, TriggerEvent, TriggerRule

LATELY = timedelta(hours=24)
MOST = 1000
"""Up to so many rows of a rule are counted; of more it is said only that there are more."""

STORED_OUTCOMES = ["" if outcome == FIRED else outcome for outcome in OUTCOMES]


@dataclass(frozen=True, slots=True)
class RuleStatistics:
    """How a rule fares, in all its revisions.

    Attributes:
        matches: How many events it made in the last 24 hours, up to `MOST`.
        fired: When its actions last went ahead; None: never.
        failures: How many of those events could not be evaluated, up to `MOST`.
        dead: How many of its deliveries are dead letters, up to `MOST`.
    """

    matches: int = 0
    fired: datetime | None = None
    failures: int = 0
    dead: int = 0

    @property
    def is_failing(self) -> bool:
        """Whether somebody should look at it."""
        return bool(self.failures or self.dead)

    @property
    def trouble(self) -> str:
        """What fails, or ""."""
        parts = [f"{told(self.dead)} dead"] if self.dead else []
        if self.failures:
            parts.append(f"{told(self.failures)} not evaluated")
        return ", ".join(parts)


def told(count: int) -> str:
    """Return a number as it is shown: where counting was given up, with a plus."""
    return f"{count}+" if count >= MOST else str(count)


def statistics_of(keys: Collection[int], using: str) -> dict[int, RuleStatistics]:
    """Say how rules fare, in one statement that reads a bounded number of index entries for each.

    Args:
        keys: The keys of the rules, in whatever revision.
        using: The database alias.
    """
    rules = TriggerRule.objects.using(using).filter(pk__in=keys)
    events = TriggerEvent.objects.using(using).filter(lineage=OuterRef("lineage"))
    # Told all outcomes, the database finds the times in the index by lineage, outcome and time.
    lately = events.filter(outcome__in=STORED_OUTCOMES, occurred__gte=timezone.now() - LATELY)
    fired = events.filter(outcome="").order_by("-occurred").values("occurred")[:1]
    dead = Delivery._base_manager.using(using).filter(lineage=OuterRef("lineage"), state="dead")
    rows = rules.values_list(
        "pk",
        _up_to_most(lately),
        Subquery(fired),
        _up_to_most(lately.filter(outcome=TriggerEvent.FAILED)),
        _up_to_most(dead),
    )
    return {key: RuleStatistics(*numbers) for key, *numbers in rows}


def _up_to_most(rows: "QuerySet[Any]") -> Case:
    """Count rows, unless there are `MOST` or more: a database evaluates only the branch that it takes."""
    plain = rows.order_by()
    count = plain.values("lineage").annotate(count=Count("*")).values("count")
    many = When(Exists(plain[MOST - 1 : MOST]), then=Value(MOST))
    return Case(many, default=Coalesce(Subquery(count), Value(0)))
