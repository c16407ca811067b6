"""Letting deliveries go ahead that were held back: the head of its key, one for each free place, all once resumed."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Min

from detent.trigger.delivery.database_clock import SECONDS_FROM_NOW, DatabaseNow
from detent.trigger.delivery.workflow import ADMIT, CLAIM, HOLD
from detent.trigger.models import Delivery, Lane

AT_ONCE = 500
ORDER = ("-priority", "due", "id")

# A key is blocked by its first unfinished delivery. The states stand in the text, so that the partial index serves.
FIRST = """
    SELECT first.number FROM trigger_delivery first
    WHERE first.ordering_id = ordering.id AND first.state IN ('dead', 'held', 'running', 'waiting')
        AND (first.state <> 'dead' OR NOT first.skip_dead)
    ORDER BY first.number LIMIT 1
"""
HEADS = """
    SELECT delivery.id FROM trigger_ordering_key ordering
    JOIN trigger_delivery delivery ON delivery.ordering_id = ordering.id AND delivery.number = ({first})
    WHERE ordering.id IN ({keys}) AND delivery.state = 'held' AND delivery.due <= {now} AND {which}
    ORDER BY delivery.priority DESC, delivery.due, delivery.id LIMIT %s
"""
KEYS_HELD = "SELECT held.ordering_id FROM trigger_delivery held WHERE held.state = 'held'"


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
    paused = paused_lineages(using)
    limited = held.filter(concurrency__isnull=False, due__lte=DatabaseNow()).exclude(lineage__in=paused)
    limits = dict(limited.order_by().values_list("lineage").annotate(limit=Min("concurrency")))
    free = held.filter(concurrency=None, ordering=None, due__lte=DatabaseNow()).exclude(lineage__in=paused)
    admitted = _admit(using, list(free.order_by(*ORDER).values_list("pk", flat=True)[:AT_ONCE]))
    admitted += _admit(using, _heads(connections[using], None, paused))
    return admitted + sum(_admit_limited(using, lineage, limit) for lineage, limit in sorted(limits.items()))


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
    paused = paused_lineages(using)
    admitted = _admit(using, _heads(connections[using], keys, paused)) if keys else 0
    limited = ((lineage, limit) for lineage, limit in sorted(limits.items()) if lineage not in paused)
    return admitted + sum(_admit_limited(using, lineage, limit) for lineage, limit in limited)


def paused_lineages(using: str) -> list[UUID]:
    """Return the rules, by lineage, whose deliveries an operator has paused."""
    return list(Lane.objects.using(using).filter(state="paused").values_list("lineage", flat=True))


def hold(using: str, lineages: Collection[UUID]) -> int:
    """Hold back what waits of some rules, so that a claim need not pass over it each time."""
    waiting = Delivery.objects.using(using).filter(lineage__in=lineages, state=HOLD.source)
    return waiting.update(state=HOLD.target) if lineages else 0


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
        keys += _heads(connections[using], None, [], lineage)
        return _admit(using, keys[:places])


def _heads(
    connection: BaseDatabaseWrapper, keys: Collection[int] | None, paused: Collection[UUID], lineage: UUID | None = None
) -> list[int]:
    """Return the deliveries that are the first of their key and held back for nothing else.

    Args:
        connection: Where to look.
        keys: The rows of the keys; None: all with a delivery that is held back.
        paused: The rules whose deliveries stay.
        lineage: The rule with a limit whose deliveries to return; None: those of rules without one.
    """
    names, parameters = (KEYS_HELD, list[Any]()) if keys is None else (", ".join(["%s"] * len(keys)), sorted(keys))
    which = "delivery.concurrency IS NULL" if lineage is None else "delivery.lineage = %s"
    rules = paused if lineage is None else [lineage]
    if paused and lineage is None:
        which += f" AND (delivery.lineage IS NULL OR delivery.lineage NOT IN ({', '.join(['%s'] * len(paused))}))"
    uuids = [models.UUIDField().get_db_prep_value(each, connection) for each in rules]
    now = f"(SELECT {SECONDS_FROM_NOW[connection.vendor].replace('%s', '0')})"
    with connection.cursor() as cursor:
        cursor.execute(HEADS.format(first=FIRST, keys=names, now=now, which=which), [*parameters, *uuids, AT_ONCE])
        return [key for (key,) in cursor.fetchall()]
