"""The half-open circuit breaker: one delivery of a rule goes ahead, to see whether the next would fail as well."""

from collections.abc import Collection
from uuid import UUID

from django.db import connections, transaction
from django.db.models import Q, QuerySet

from detent.trigger.actions.registry import actions
from detent.trigger.delivery.barring import Barred, hold
from detent.trigger.delivery.breaker import CLOSED
from detent.trigger.delivery.database_clock import DatabaseNow
from detent.trigger.delivery.heads import heads_of_rule
from detent.trigger.delivery.workflow import ADMIT, CLAIM
from detent.trigger.models import Delivery, Lane


def probe(using: str, broken: Collection[UUID]) -> int:
    """Let one delivery go ahead of each rule whose open breaker has held them for its time.

    Args:
        using: The database alias.
        broken: The rules whose breaker is open.

    Returns:
        How many may be claimed now that were held back.
    """
    if not broken:
        return 0
    over = _over(using, broken).order_by("lineage").values_list("lineage", flat=True)
    return sum(_probe(using, lineage) for lineage in over)


def _over(using: str, lineages: Collection[UUID]) -> QuerySet[Lane]:
    flowing = Lane.objects.using(using).filter(state="flowing", breaker="open", try_at__lte=DatabaseNow())
    return flowing.filter(lineage__in=lineages)


def _probe(using: str, lineage: UUID) -> int:
    """Choose one, the rule's row locked, so that no two workers choose; none while one is being tried."""
    with transaction.atomic(using=using):
        lane = _over(using, [lineage]).select_for_update().first()
        if lane is None or _is_under_way(using, lane):
            return 0
        if _has_no_breaker(using, lane):
            Lane.objects.using(using).filter(pk=lane.pk).update(**CLOSED)
            return 0
        # A delivery that was chosen before, and that nobody can run, goes back among the others.
        hold(using, Barred([lineage]))
        chosen = _next(using, lineage)
        Lane.objects.using(using).filter(pk=lane.pk).update(probe=chosen and chosen.pk)
        if chosen is None:
            return 0
        return Delivery.objects.using(using).filter(pk=chosen.pk, state=ADMIT.source).update(state=ADMIT.target)


def _is_under_way(using: str, lane: Lane) -> bool:
    """Tell whether the chosen delivery runs, or waits for a worker of which this process is one."""
    if lane.probe is None:
        return False
    claimable = Q(state=CLAIM.source, due__lte=DatabaseNow(), action__in=actions.names())
    chosen = Delivery.objects.using(using).filter(pk=lane.probe)
    return chosen.filter(claimable | Q(state=CLAIM.target)).exists()


def _has_no_breaker(using: str, lane: Lane) -> bool:
    """Tell whether the rule was revised to have none: its newest delivery says so."""
    unfinished = Delivery.objects.using(using).filter(lineage=lane.lineage, state__in=[*CLAIM, ADMIT.source])
    newest = unfinished.order_by("-pk").values_list("breaker_failures", flat=True)[:1]
    return list(newest) == [None]


def _next(using: str, lineage: UUID) -> Delivery | None:
    """Return the first that only the breaker holds back, and that this process can run."""
    of_rule = Delivery.objects.using(using).filter(lineage=lineage)
    held = of_rule.filter(state=ADMIT.source, due__lte=DatabaseNow(), action__in=actions.names())
    may_begin = held.filter(Q(ordering=None) | Q(pk__in=heads_of_rule(connections[using], lineage)))
    first = may_begin.order_by("-priority", "due", "id").first()
    if first is None:
        return None
    running = of_rule.filter(state=CLAIM.target).count()
    return None if first.concurrency is not None and running >= first.concurrency else first
