"""What may not begin: the deliveries of rules that an operator has paused, or whose circuit breaker is open."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from detent.trigger.delivery.workflow import HOLD
from detent.trigger.models import Delivery, Lane


class Barred(NamedTuple):
    """The rules of which nothing may begin.

    Attributes:
        lineages: The rules, by lineage.
        broken: Those of them that are barred by their circuit breaker alone.
        probes: The deliveries of these that may begin all the same.
    """

    lineages: Collection[UUID] = ()
    broken: Collection[UUID] = ()
    probes: Collection[int] = ()

    def among(self, deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
        """Return those deliveries that may not begin."""
        barred = deliveries.filter(lineage__in=self.lineages)
        return barred.exclude(pk__in=self.probes) if self.probes else barred

    def outside(self, deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
        """Return those deliveries that may begin, as far as this is concerned."""
        if not self.lineages:
            return deliveries
        return deliveries.filter(Q(lineage=None) | ~Q(lineage__in=self.lineages) | Q(pk__in=self.probes))

    def bars(self, delivery: Delivery) -> bool:
        """Tell whether a delivery may not begin."""
        return delivery.lineage in self.lineages and delivery.pk not in self.probes


NONE_BARRED = Barred()


def barred(using: str) -> Barred:
    """Look which rules are barred: one statement, whatever bars them."""
    stopped = Lane.objects.using(using).filter(Q(state="paused") | Q(breaker="open"))
    lanes = list(stopped.values_list("lineage", "state", "probe"))
    if not lanes:
        return NONE_BARRED
    broken = [(lineage, probe) for lineage, state, probe in lanes if state == "flowing"]
    probes = [probe for _, probe in broken if probe is not None]
    return Barred([lineage for lineage, _, _ in lanes], [lineage for lineage, _ in broken], probes)


def hold(using: str, stopped: Barred) -> int:
    """Hold back what waits of some rules, so that a claim need not pass over it each time."""
    if not stopped.lineages:
        return 0
    return stopped.among(Delivery.objects.using(using).filter(state=HOLD.source)).update(state=HOLD.target)
