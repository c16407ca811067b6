"""Letting deliveries go ahead that were held back: the head of its key, one for each free place, all once resumed."""

from collections.abc import Collection
from uuid import UUID

from django.db import connections, transaction
from django.db.models import Min

from detent.trigger.delivery.barring import barred
from detent.trigger.delivery.database_clock import DatabaseNow
from detent.trigger.delivery.heads import AT_ONCE, heads_of_rule, heads_without_limit
from detent.trigger.delivery.probing import probe
from detent.trigger.delivery.workflow import ADMIT, CLAIM
from detent.trigger.models import Delivery, Lane

ORDER = ("-priority", "due", "id")


def admit(using: str) -> int:
    """Let everything go ahead that may.

    Args:
        using: The database alias.

    Returns:
        How many deliveries may be claimed now that were held back.
    """
    held = Delivery.objects.using(using).filter(state=ADMIT.source)
    if not held.exists():
        return 0
    stopped = barred(using)
    flowing = held.filter(due__lte=DatabaseNow()).exclude(lineage__in=stopped.lineages)
    limited = flowing.filter(concurrency__isnull=False)
    limits = dict(limited.order_by().values_list("lineage").annotate(limit=Min("concurrency")))
    free = flowing.filter(concurrency=None, ordering=None)
    admitted = _admit(using, list(free.order_by(*ORDER).values_list("pk", flat=True)[:AT_ONCE]))
    admitted += _admit(using, heads_without_limit(connections[using], None, stopped.lineages))
    admitted += sum(_admit_limited(using, lineage, limit) for lineage, limit in sorted(limits.items()))
    return admitted + probe(using, stopped.broken)


def admit_after(using: str, ended: Collection[Delivery]) -> int:
    """Let go ahead what waited for these deliveries alone: cheaper than looking at everything that is held back.

    Args:
        using: The database alias.
        ended: Deliveries that have just ended.
    """
    keys = {each.ordering_id for each in ended if each.ordering_id is not None and each.concurrency is None}
    limits = {each.lineage: each.concurrency for each in ended if each.lineage and each.concurrency is not None}
    if not (keys or limits):
        return 0
    stopped = barred(using).lineages
    admitted = _admit(using, heads_without_limit(connections[using], keys, stopped)) if keys else 0
    limited = ((lineage, limit) for lineage, limit in sorted(limits.items()) if lineage not in stopped)
    return admitted + sum(_admit_limited(using, lineage, limit) for lineage, limit in limited)


def _admit(using: str, keys: Collection[int]) -> int:
    held = Delivery.objects.using(using).filter(pk__in=keys, state=ADMIT.source)
    return held.update(state=ADMIT.target) if keys else 0


def _admit_limited(using: str, lineage: UUID, limit: int) -> int:
    """Fill the free places of a rule, its row locked, so that no two workers fill the same."""
    Lane.objects.using(using).get_or_create(lineage=lineage)
    with transaction.atomic(using=using):
        Lane.objects.using(using).select_for_update().get(lineage=lineage)
        of_rule = Delivery.objects.using(using).filter(lineage=lineage)
        places = limit - of_rule.filter(state__in=CLAIM).count()
        if places <= 0:
            return 0
        free = of_rule.filter(state=ADMIT.source, ordering=None, due__lte=DatabaseNow())
        keys = list(free.order_by(*ORDER).values_list("pk", flat=True)[:places])
        keys += heads_of_rule(connections[using], lineage)
        return _admit(using, keys[:places])
