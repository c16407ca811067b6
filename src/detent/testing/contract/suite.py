"""The contract of dispatchers: hints may come twice, never, or in any order, and workers may die; nothing is lost."""

import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar
from uuid import uuid4

from django.utils import timezone

from detent.testing.contract.actions import DONE, RECORD, RECORD_OUTSIDE
from detent.trigger.delivery.database_clock import DatabaseNow
from detent.trigger.delivery.dispatch import Dispatcher
from detent.trigger.delivery.sweeper import Sweeper
from detent.trigger.models import Delivery, Occurrence, TriggerEvent

if TYPE_CHECKING:
    from django.test import TransactionTestCase as Tests
else:
    Tests = object

LOOK_SECONDS = 0.1


class DispatcherContract(Tests):
    """The tests that a dispatcher must pass together with its workers. Mix it into a `TransactionTestCase`.

    The workers run on the test's database, with `detent.testing.contract` among their `INSTALLED_APPS`, and with a
    short `DETENT["LEASE"]`, which two of the tests wait for.

    Attributes:
        dispatcher: What is tested.
        using: The alias of the database.
        patience: How many seconds a test waits for the workers.
    """

    dispatcher: Dispatcher
    using = "default"
    patience: float = 60.0
    _running: ClassVar[ExitStack]

    def start_workers(self) -> AbstractContextManager[object]:
        """Have workers that get the hints, until the context ends; a worker that dies must be started again."""
        raise NotImplementedError

    def setUp(self) -> None:
        """Start the workers before the first test of the class; they end after its last."""
        super().setUp()
        cls = type(self)
        if "_running" not in vars(cls):
            cls._running = ExitStack()
            cls.addClassCleanup(cls._running.close)
            cls._running.enter_context(self.start_workers())

    def test_what_is_hinted_at_is_run(self) -> None:
        """Each delivery is run, without a sweeper's help."""
        made = self._make(25)
        self.dispatcher.hint(made, self.using)
        self._wait_until_done(made)
        self._assert_effects(dict.fromkeys(made, 1))

    def test_a_hint_that_comes_many_times_runs_a_delivery_once(self) -> None:
        """Whatever the queue doubles, the row is claimed once."""
        made = self._make(5)
        for _ in range(8):
            self.dispatcher.hint(made, self.using)
        self._wait_until_done(made)
        after = self._make(1)
        self.dispatcher.hint(after, self.using)
        self._wait_until_done(after)
        self._assert_effects(dict.fromkeys(made + after, 1))

    def test_hints_may_come_in_any_order(self) -> None:
        """Each for itself, the last first."""
        made = self._make(10)
        for key in reversed(made):
            self.dispatcher.hint([key], self.using)
        self._wait_until_done(made)
        self._assert_effects(dict.fromkeys(made, 1))

    def test_hints_that_are_lost_are_made_up_for_by_the_sweeper(self) -> None:
        """Nobody hints at some of them, as if the broker had lost it."""
        made = self._make(10)
        self.dispatcher.hint(made[::2], self.using)
        self._wait_until_done(made, sweeping=True)
        self._assert_effects(dict.fromkeys(made, 1))

    def test_a_hint_at_what_is_done_gone_or_not_yet_due_does_nothing(self) -> None:
        """Only what is due and unclaimed is run."""
        (done,) = self._make(1, state="done")
        (later,) = self._make(1, due=DatabaseNow(timedelta(hours=1)))
        (due,) = self._make(1)
        self.dispatcher.hint([done, later, due + 1_000_000, due], self.using)
        self._wait_until_done([due])
        self._assert_effects({due: 1})

    def test_a_worker_that_dies_between_act_and_finish_acts_again(self) -> None:
        """What acts outside a transaction acts at least once."""
        (made,) = self._make(1, action=RECORD_OUTSIDE, settings={"die": True})
        self.dispatcher.hint([made], self.using)
        self._wait_until_done([made], sweeping=True)
        self._assert_effects({made: 2})
        assert self._outcomes(made) == ["lost", "done"]

    def test_what_a_worker_that_dies_did_in_its_transaction_is_undone_and_done_again(self) -> None:
        """The effects of an atomic action are there once."""
        (made,) = self._make(1, settings={"die": True})
        self.dispatcher.hint([made], self.using)
        self._wait_until_done([made], sweeping=True)
        self._assert_effects({made: 1})
        assert self._outcomes(made) == ["lost", "done"]

    def _make(self, number: int, *, action: str = RECORD, **fields: object) -> list[int]:
        now = timezone.now()
        occurrence = Occurrence.objects.using(self.using).create(
            type="detent.contract", source="detent.contract", identifier=uuid4().hex, time=now, data={}
        )
        event = TriggerEvent.objects.using(self.using).create(type="EVENT", occurred=now, occurrence=occurrence)
        values = {"event": event, "action": action, "due": DatabaseNow(), **fields}
        return [Delivery.objects.using(self.using).create(**values, position=position).pk for position in range(number)]

    def _wait_until_done(self, keys: list[int], *, sweeping: bool = False) -> None:
        sweeper = Sweeper(self.using, to=self.dispatcher)
        waiting = Delivery.objects.using(self.using).filter(pk__in=keys).exclude(state="done")

        def done() -> bool:
            if sweeping:
                sweeper.sweep()
            return not waiting.exists()

        if not _in_time(done, self.patience):
            rows = list(waiting.values_list("pk", "state", "attempts", "error"))
            raise AssertionError(f"Not done within {self.patience} s (key, state, attempts, error): {rows}")

    def _assert_effects(self, expected: dict[int, int]) -> None:
        sources = Occurrence.objects.using(self.using).filter(type=DONE).values_list("source", flat=True)
        effects = Counter(int(source.removeprefix("delivery:")) for source in sources)
        assert effects == expected, f"How often each delivery was done: {dict(effects)}; expected: {expected}"

    def _outcomes(self, key: int) -> list[str]:
        return list(
            Delivery.objects.using(self.using).get(pk=key).tries.order_by("number").values_list("outcome", flat=True)
        )


def _in_time(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(LOOK_SECONDS)
    return True
