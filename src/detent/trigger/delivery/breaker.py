"""Circuit breakers: so many failed attempts in a row, and the deliveries of the rule are held back for a time."""

import logging
from collections.abc import Iterable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from detent.trigger.delivery.database_clock import DatabaseNow
from detent.trigger.models import Delivery, Lane

logger = logging.getLogger("detent.delivery")

CLOSED: Mapping[str, Any] = MappingProxyType({"breaker": "closed", "failures": 0, "try_at": None, "probe": None})
"""What a lane says whose breaker is closed."""


class Run(NamedTuple):
    """What the last attempts at a rule's deliveries came to.

    Attributes:
        failures: How many failed in a row, up to the last.
        succeeded: Whether one before these succeeded.
        last: The delivery that was tried last.
    """

    failures: int
    succeeded: bool
    last: Delivery


def count(using: str, tried: Iterable[tuple[Delivery, bool]]) -> None:
    """Count what fails in a row, of rules that have a breaker; open it, or close it.

    To be called in the transaction that ends the attempts; it takes the rows of rules in the order of their lineage.

    Args:
        using: The database alias.
        tried: Deliveries in the order in which they were tried, and whether the attempt succeeded.
    """
    runs = _runs(tried)
    if well := [lineage for lineage, run in runs.items() if not run.failures]:
        _close(using, well)
    if failing := sorted(lineage for lineage, run in runs.items() if run.failures):
        Lane.objects.using(using).bulk_create([Lane(lineage=each) for each in failing], ignore_conflicts=True)
        lanes = Lane.objects.using(using).filter(lineage__in=failing).select_for_update()
        for lane in lanes.order_by("lineage"):
            _fail(using, lane, runs[lane.lineage])


def _runs(tried: Iterable[tuple[Delivery, bool]]) -> dict[UUID, Run]:
    runs: dict[UUID, Run] = {}
    for delivery, succeeded in tried:
        if delivery.lineage is None or delivery.breaker_failures is None:
            continue
        before = runs.get(delivery.lineage, Run(0, False, delivery))
        failures = 0 if succeeded else before.failures + 1
        runs[delivery.lineage] = Run(failures, before.succeeded or succeeded, delivery)
    return runs


def _close(using: str, lineages: Iterable[UUID]) -> None:
    Lane.objects.using(using).filter(lineage__in=lineages, failures__gt=0).update(**CLOSED)


def _fail(using: str, lane: Lane, run: Run) -> None:
    failures = run.failures + (0 if run.succeeded else lane.failures)
    changed: dict[str, Any] = {"failures": failures}
    if failures >= (run.last.breaker_failures or 0):
        wait = timedelta(seconds=run.last.breaker_seconds or 0)
        changed |= {"breaker": "open", "try_at": DatabaseNow(wait), "probe": None}
        logger.warning(
            "The circuit breaker of rule %s is open after %d failed attempts in a row; the next follows in %s.",
            lane.lineage,
            failures,
            wait,
            extra={"lineage": str(lane.lineage), "delivery_id": run.last.pk},
        )
    elif run.succeeded:
        changed = {**CLOSED, **changed}
    Lane.objects.using(using).filter(pk=lane.pk).update(**changed)
