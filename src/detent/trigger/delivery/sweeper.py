"""The sweeper: repeats hints for deliveries that are due and unclaimed, and does what the time brings with it."""

import logging
import threading
from time import monotonic
from typing import NamedTuple

from django.db import InterfaceError, OperationalError, connections

from detent.trigger.actions.registry import actions
from detent.trigger.delivery.admission import ORDER, admit
from detent.trigger.delivery.barring import barred
from detent.trigger.delivery.connection import drop
from detent.trigger.delivery.database_clock import DatabaseNow
from detent.trigger.delivery.dispatch import Dispatcher, dispatcher
from detent.trigger.delivery.upkeep import Upkeep
from detent.trigger.delivery.workflow import CLAIM
from detent.trigger.models import Delivery

logger = logging.getLogger("detent.worker")

AT_ONCE = 5000
FIRST_WAIT = 2.0
LONGEST_WAIT = 60.0


class Hinted(NamedTuple):
    """When a delivery that nobody claims is hinted at again, by `time.monotonic()`, and how long that was waited."""

    again_at: float
    wait: float


NEVER = Hinted(0.0, FIRST_WAIT / 2)


class Sweeper:
    """Looks after the deliveries of one database that a queue's workers run. Several of them do no harm.

    A delivery that stays unclaimed is hinted at ever more seldom, so that a queue without workers does not fill up.

    Args:
        using: The database alias.
        to: Gets the hints; None: the dispatcher of `DETENT["DISPATCHER"]`.
    """

    def __init__(self, using: str = "default", to: Dispatcher | None = None) -> None:
        self.using = using
        self._to = to
        self._upkeep = Upkeep(using)
        self._hinted: dict[tuple[int, int], Hinted] = {}

    def sweep(self) -> int:
        """See to clocks, timers and leases, let go ahead what may, and hint at what is due and unclaimed.

        Returns:
            At how many deliveries was hinted.

        Raises:
            DatabaseError: The database fails.
        """
        self._upkeep()
        admit(self.using)
        if keys := self._not_hinted_lately():
            (self._to or dispatcher()).hint(keys, self.using)
        return len(keys)

    def run(self, stop: threading.Event, *, every: float) -> None:
        """Sweep until told to stop; a database that is away is logged and looked for again.

        Args:
            stop: Ends it.
            every: How many seconds lie between two sweeps.
        """
        while not stop.is_set():
            try:
                self.sweep()
            except (OperationalError, InterfaceError):
                logger.exception("The sweeper cannot reach database %r; it will look again.", self.using)
                drop(connections[self.using])
            stop.wait(every)

    def _not_hinted_lately(self) -> list[int]:
        now = monotonic()
        before = {claimable: self._hinted.get(claimable, NEVER) for claimable in self._claimable()}
        keys = [claimable for claimable, hinted in before.items() if now >= hinted.again_at]
        for claimable in keys:
            wait = min(2 * before[claimable].wait, LONGEST_WAIT)
            before[claimable] = Hinted(now + wait, wait)
        self._hinted = before
        return [key for key, _ in keys]

    def _claimable(self) -> list[tuple[int, int]]:
        """Return key and epoch: one that was claimed meanwhile, and is due again, counts as another."""
        due = Delivery.objects.using(self.using).filter(state=CLAIM.source, due__lte=DatabaseNow())
        known = barred(self.using).outside(due.filter(action__in=actions.names()))
        return list(known.order_by(*ORDER).values_list("pk", "epoch")[:AT_ONCE])
