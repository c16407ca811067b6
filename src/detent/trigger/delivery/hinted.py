"""What becomes of a hint: whoever gets one claims the rows that it names, by the database, and runs what it got."""

import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager

from django.db.models import Q

from detent.trigger.delivery.admission import ORDER, admit_after
from detent.trigger.delivery.database_clock import DatabaseNow
from detent.trigger.delivery.dispatch import dispatcher
from detent.trigger.delivery.hand import Hand
from detent.trigger.delivery.keeper import Keeper
from detent.trigger.delivery.workflow import ADMIT, CLAIM
from detent.trigger.models import Delivery

IDS_A_MESSAGE = 20
"""So many deliveries are one worker's: enough to write their ends together, too few to keep them from the others."""


def portions(delivery_ids: Sequence[int]) -> Iterator[list[int]]:
    """Split what is hinted at into what one message says."""
    for start in range(0, len(delivery_ids), IDS_A_MESSAGE):
        yield list(delivery_ids[start:][:IDS_A_MESSAGE])


def run_hinted(delivery_ids: Collection[int], using: str, *, worker: str) -> int:
    """Run, of the deliveries that a hint names, those that are due and that nobody holds.

    A hint that comes twice, too late or out of order finds nothing to run. Deliveries that are held back behind these,
    by an ordering key or by their rule's limit, are hinted at when they may go ahead.

    Args:
        delivery_ids: Their keys.
        using: The alias of the database that has them.
        worker: How the claims are signed; 100 characters are kept.

    Returns:
        How many were run.

    Raises:
        DatabaseError: The database fails; what was claimed is tried again when its lease has run out.
    """
    held = list(Delivery.objects.using(using).filter(pk__in=delivery_ids, state=ADMIT.source))
    keys = {*delivery_ids, *_admitted(using, held)}
    hand = Hand(using, worker[:100], len(keys), lambda: False)
    with _leases_renewed(using, hand), closing(hand):
        ended = hand.run_those(keys)
    if followers := _admitted(using, ended):
        dispatcher().hint(followers, using)
    return len(ended)


def _admitted(using: str, concerned: Collection[Delivery]) -> list[int]:
    """Let go ahead what may, of the ordering keys and the limited rules of some deliveries, and return its keys."""
    if not admit_after(using, concerned):
        return []
    orderings = {each.ordering_id for each in concerned if each.ordering_id is not None}
    lineages = {each.lineage for each in concerned if each.concurrency is not None}
    due = Delivery.objects.using(using).filter(state=CLAIM.source, due__lte=DatabaseNow())
    theirs = due.filter(Q(ordering__in=orderings) | Q(lineage__in=lineages))
    return list(theirs.order_by(*ORDER).values_list("pk", flat=True))


@contextmanager
def _leases_renewed(using: str, hand: Hand) -> Iterator[None]:
    ended = threading.Event()
    keeper = Keeper(using, {0: hand}, lambda: None)
    thread = threading.Thread(target=keeper.run, args=[ended], name="detent-keeper")
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
