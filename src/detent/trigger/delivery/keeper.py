"""The thread of a worker that renews the leases of what is being run, however long an action takes."""

import logging
from collections.abc import Callable, Mapping
from threading import Event

from django.db import InterfaceError, OperationalError, connections

from detent.settings import detent_settings
from detent.trigger.delivery.connection import drop
from detent.trigger.delivery.ending import release
from detent.trigger.delivery.hand import Hand
from detent.trigger.delivery.leases import renew

logger = logging.getLogger("detent.worker")

ROUNDS_A_LEASE = 4
"""How often it goes round in the time of a lease: what was begun in the first half is renewed before the end."""


class Keeper:
    """Looks after what the threads of a worker hold, on a connection of its own.

    Args:
        using: The database alias.
        hands: The threads' hands, by thread; more may come.
        alive: Called after each round in which the database answered.
    """

    def __init__(self, using: str, hands: Mapping[int, Hand], alive: Callable[[], None]) -> None:
        self._using = using
        self._hands = hands
        self._alive = alive

    def run(self, ended: Event) -> None:
        """Go round until an event is set."""
        try:
            while not ended.wait(detent_settings().LEASE.total_seconds() / ROUNDS_A_LEASE):
                self._round_or_log()
        finally:
            connections.close_all()

    def _round_or_log(self) -> None:
        try:
            self.go_round()
        except (OperationalError, InterfaceError) as error:
            logger.warning("Leases cannot be renewed on database %r now: %s", self._using, error)
            drop(connections[self._using])

    def go_round(self) -> None:
        """Renew what is being run, and release what was not begun in half of its lease.

        Raises:
            DatabaseError: The database fails.
        """
        for hand in list(self._hands.values()):
            renew(self._using, hand.holding.begun(), detent_settings().LEASE)
            release(self._using, hand.holding.let_go_after_half_time())
        self._alive()
