"""A batch of claimed deliveries, run one after the other; what they came to is written for many at a time."""

import logging
from collections.abc import Callable
from time import monotonic

from django.db import Error, connections, transaction

from detent.trigger.delivery.barring import barred
from detent.trigger.delivery.child.process import ActionProcess
from detent.trigger.delivery.claim import still_held
from detent.trigger.delivery.connection import Footing, answers, can_be_shared, drop
from detent.trigger.delivery.ending import Ending, StaleClaim, end, release
from detent.trigger.delivery.group import Group
from detent.trigger.delivery.holding import Holding
from detent.trigger.delivery.run import call_outside, is_atomic, run
from detent.trigger.delivery.trial import Trial
from detent.trigger.errors import TriggerError
from detent.trigger.models import Delivery
from detent.trigger.observability.records import ids_of

logger = logging.getLogger("detent.delivery")

QUICK_SECONDS = 0.02
"""An action whose last run took no longer than that may be waited for by others."""

TOGETHER_SECONDS = 0.1
"""For how long ends are collected, and effects left uncommitted, as long as all actions are quick."""


class Batch:
    """Runs claimed deliveries on this thread's connection.

    Quick atomic actions that follow each other share a transaction, each in a savepoint of its own; the ends of others
    are written together. An action that was not quick the last time, or has not been seen, holds up nothing: what was
    collected before it is written first, and it runs by itself. One whose rule limits its time runs in another process.

    Args:
        using: The database alias.
        stopping: Says whether no further delivery is to be begun.

    Attributes:
        holding: What is claimed.
    """

    def __init__(self, using: str, stopping: Callable[[], bool]) -> None:
        self.holding = Holding()
        self._stopping = stopping
        self._using = using
        self._quick: dict[str, bool] = {}
        self._endings: list[Ending] = []
        self._ended: list[Delivery] = []
        self._write_by = 0.0
        self._look_at_breakers = False
        self._process = ActionProcess(using)

    def run_next(self) -> int:
        """Run the next delivery, and those that may share its transaction.

        Returns:
            How many were run; 0: none is left.

        Raises:
            DatabaseError: An end could not be written; its delivery is tried again when the lease has run out.
        """
        if self._look_at_breakers:
            self._let_go_of_what_is_barred()
        delivery = self.holding.begin()
        if delivery is None:
            return 0
        if (seconds := self._seconds(delivery)) is not None:
            self._run_limited(delivery, seconds)
            return 1
        if not is_atomic(delivery):
            self._run_outside(delivery)
            return 1
        self.write()
        return self._run_group(delivery)

    def write(self) -> None:
        """Write what was collected. What the database does not take is kept, to be written when it is back."""
        if not self._endings:
            return
        for ending in self._end_on_a_connection_that_works():
            stale = StaleClaim(ending.delivery.pk, ending.delivery.epoch)
            logger.warning("%s", stale, extra=ids_of(ending.delivery))
        ended = [ending.delivery for ending in self._endings]
        self._endings = []
        self._has_ended(ended)

    def close(self) -> None:
        """End the process that is kept for actions with a time limit."""
        self._process.close()

    def take_ended(self) -> list[Delivery]:
        """Return what has ended since this was asked last."""
        ended, self._ended = self._ended, []
        return ended

    def _has_ended(self, deliveries: list[Delivery]) -> None:
        self.holding.ended(deliveries)
        self._ended += deliveries
        self._look_at_breakers |= any(delivery.breaker_failures is not None for delivery in deliveries)

    def _let_go_of_what_is_barred(self) -> None:
        """Give back what was claimed of a rule before its circuit breaker opened."""
        release(self._using, self.holding.let_go(barred(self._using).bars))
        self._look_at_breakers = False

    def _end_on_a_connection_that_works(self) -> list[Ending]:
        """Write; again on a new connection, where an action or the server has broken this one."""
        try:
            return end(self._using, self._endings)
        except Error:
            connection = connections[self._using]
            if connection.in_atomic_block or answers(connection):
                raise
            drop(connection)
            return end(self._using, self._endings)

    def _run_outside(self, delivery: Delivery) -> None:
        if not self._is_quick(delivery) or monotonic() > self._write_by:
            self.write()
        if not self._endings:
            self._write_by = monotonic() + TOGETHER_SECONDS
        ending = call_outside(delivery, self._using)
        self._endings.append(ending)
        self._learn(ending)
        if not self._is_quick(delivery) or ending.is_setback:
            self.write()

    def _run_limited(self, delivery: Delivery, seconds: float) -> None:
        """Run it in another process, which writes how it ended; how the process itself ended is written here."""
        self.write()
        trial = Trial(delivery)
        try:
            self._process.run(delivery, seconds)
        except TriggerError as error:
            self._endings.append(trial.failed(error))
            self.write()
        else:
            self._has_ended([delivery])

    def _run_group(self, first: Delivery) -> int:
        group, footing = [first], Footing(self._using)
        try:
            self._run_together(group)
        except KeyboardInterrupt:
            raise
        except BaseException:  # noqa: BLE001 (whatever it was, none of the group is committed, and each is told apart)
            footing.regain()
            self._run_one_by_one(group)
        finally:
            self._has_ended(group)
        return len(group)

    def _run_together(self, begun: list[Delivery]) -> None:
        deadline = monotonic() + TOGETHER_SECONDS
        with transaction.atomic(using=self._using):
            group = Group(self._using)
            ending = self._learn(group.run(begun[0]))
            while self._may_go_on(ending, deadline) and (delivery := self.holding.begin(self._may_join)):
                begun.append(delivery)
                ending = self._learn(group.run(delivery))
            group.end()

    def _run_one_by_one(self, broken: list[Delivery]) -> None:
        """Find out who broke a group; those of it that were committed all the same are not run again."""
        for delivery in still_held(self._using, broken):
            run(delivery, self._using)

    def _is_quick(self, delivery: Delivery) -> bool:
        return self._quick.get(delivery.action, False)

    def _may_go_on(self, ending: Ending, deadline: float) -> bool:
        return monotonic() < deadline and not ending.is_setback

    def _may_join(self, delivery: Delivery) -> bool:
        may_share = self._is_quick(delivery) and is_atomic(delivery) and self._seconds(delivery) is None
        return may_share and not self._stopping()

    def _seconds(self, delivery: Delivery) -> float | None:
        """Return the time limit to run a delivery under; None: it is run here."""
        limited = delivery.time_limit is not None and can_be_shared(connections[self._using])
        return delivery.time_limit if limited else None

    def _learn(self, ending: Ending) -> Ending:
        self._quick[ending.delivery.action] = (ending.duration or 0.0) <= QUICK_SECONDS
        return ending
