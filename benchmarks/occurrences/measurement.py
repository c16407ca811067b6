"""Measuring a case: in each round, what Detent does and what is done by hand, one after the other."""

import random
import statistics
import time
from dataclasses import dataclass

from django.db import connections, transaction
from django.test.utils import CaptureQueriesContext

from benchmarks.occurrences.cases import Case, Work
from detent.trigger.models import Delivery, Occurrence, TriggerEvent, TriggerRule
from detent.trigger.ruleset import current_ruleset
from tests.shop.models import Order

TABLES = (Delivery, TriggerEvent, Occurrence, Order)
CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@dataclass(frozen=True)
class Figures:
    """What was measured.

    Attributes:
        seconds: What each round took.
        ratios: How many times what it takes by hand that was, for each round; empty if nothing is done by hand.
        statements: How many statements an occurrence takes.
    """

    seconds: list[float]
    ratios: list[float]
    statements: float


def measure(case: Case, rounds: int, using: str) -> Figures:
    """Make the rules of a case, and measure it.

    Args:
        case: The case.
        rounds: How often both take turns, after one round that warms them up.
        using: The alias of the database.
    """
    clear(using)
    TriggerRule.objects.using(using).all().delete()
    case.rules(using)
    current_ruleset(using)
    seconds, ratios = [], []
    # The same order in each run of the benchmark, another one in each round.
    chance = random.Random(0)
    works = [case.ours, case.by_hand] if case.by_hand else [case.ours]
    for warm in range(rounds + 1):
        taken = {work: _seconds(case, work, using) for work in chance.sample(works, len(works))}
        if warm:
            seconds.append(taken[case.ours])
            ratios += [taken[case.ours] / taken[case.by_hand]] if case.by_hand else []
    return Figures(seconds, ratios, _statements(case, using))


def clear(using: str) -> None:
    """Empty the tables that are written."""
    connection = connections[using]
    tables = [model._meta.db_table for model in TABLES]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")
            return
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")


def spread(ratios: list[float]) -> float:
    """Return half of what the middle half of some ratios spans; 0 for a single one."""
    if len(ratios) == 1:
        return 0
    lower, _, upper = statistics.quantiles(ratios, n=4, method="inclusive")
    return (upper - lower) / 2


def _seconds(case: Case, work: Work, using: str) -> float:
    """Return what it takes from the beginning of the transaction until it is committed."""
    clear(using)
    if case.prepare:
        case.prepare(using)
    start = time.perf_counter()
    with transaction.atomic(using=using):
        work(using)
    return time.perf_counter() - start


def _statements(case: Case, using: str) -> float:
    clear(using)
    if case.prepare:
        case.prepare(using)
    with CaptureQueriesContext(connections[using]) as captured, transaction.atomic(using=using):
        case.ours(using)
    return len([query for query in captured if not query["sql"].startswith(CONTROL)]) / case.number
