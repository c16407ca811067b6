"""Several workers tick at once: each slot of each rule has one event, whoever told it."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import OperationalError, connection, transaction

from detent.trigger.clock.turn import tick
from detent.trigger.models import ClockSchedule, Occurrence, TriggerEvent, TriggerRule
from tests.integration.clock.conftest import FakeClock
from tests.integration.clock.factories import Told, clock_rule, told

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 4
ROUNDS = 5
MINUTES = [f"12:{minute:02}" for minute in range(1, 60)]


def at_once(work: Callable[[], object]) -> None:
    """Do something in several threads, each on a connection of its own, begun together."""
    failures: list[BaseException] = []
    barrier = Barrier(WORKERS, timeout=60)

    def begin_together() -> None:
        try:
            barrier.wait()
            work()
        except BaseException as failure:  # noqa: BLE001 - the test tells of it
            failures.append(failure)
        finally:
            connection.close()

    threads = [Thread(target=begin_together) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def tick_until_told() -> None:
    """Tick as a worker does, which looks again when another one held the database for too long."""
    for _ in range(20):
        try:
            tick("default")
        except OperationalError:
            connection.close()
        else:
            return


def test_workers_that_tick_at_once_tell_each_slot_once(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though they take few rules at a time, so that all have some."""
    monkeypatch.setattr("detent.trigger.clock.turn.RULES_AT_ONCE", 3)
    rules = [clock_rule("PT1M", misfire="all") for _ in range(10)]
    for _ in range(ROUNDS):
        clock.forward(timedelta(minutes=3))
        at_once(tick_until_told)
    tick("default")
    expected = [Told(minute, 0) for minute in MINUTES[: 3 * ROUNDS]]
    assert all(told(rule) == expected for rule in rules)
    assert set(Counter(TriggerEvent.objects.values_list("rule", "occurred")).values()) == {1}
    assert TriggerEvent.objects.count() == Occurrence.objects.count() == 10 * 3 * ROUNDS


def test_workers_that_find_new_rules_at_once_make_one_row_each(clock: FakeClock) -> None:
    """And miss none of them."""
    rules = [clock_rule() for _ in range(20)]
    at_once(tick_until_told)
    tick("default")
    assert ClockSchedule.objects.count() == len(rules)
    clock.set("13:00")
    at_once(tick_until_told)
    tick("default")
    assert all(told(rule) == [Told("13:00", 0)] for rule in rules)


def test_a_row_that_another_worker_holds_is_left_to_it(clock: FakeClock) -> None:
    """The others tick meanwhile, and nobody waits."""
    if not connection.features.has_select_for_update_skip_locked:
        pytest.skip("SQLite has one writer at a time and no row locks")
    held, free = clock_rule(), clock_rule()
    tick("default")
    clock.set("13:00")
    holds, may_end = Barrier(2, timeout=60), Barrier(2, timeout=60)

    def hold() -> None:
        try:
            with transaction.atomic():
                ClockSchedule.objects.select_for_update().get(lineage=held.lineage)
                holds.wait()
                may_end.wait()
        finally:
            connection.close()

    holder = Thread(target=hold)
    holder.start()
    holds.wait()
    try:
        tick("default")
        assert (told(held), told(free)) == ([], [Told("13:00", 0)])
    finally:
        may_end.wait()
        holder.join()
    tick("default")
    assert told(held) == [Told("13:00", 0)]


def test_a_worker_does_not_wait_for_somebody_who_changes_rules(clock: FakeClock) -> None:
    """In a transaction that takes its time: it goes on with the rules as they were, and looks again."""
    if not connection.features.has_select_for_update_skip_locked:
        pytest.skip("SQLite has one writer at a time and no row locks")
    rule, archived, changing = clock_rule(), clock_rule("P1D"), clock_rule("P1D")
    tick("default")
    archived.archive()
    changes, may_end = Barrier(2, timeout=60), Barrier(2, timeout=60)

    def change() -> None:
        try:
            with transaction.atomic():
                TriggerRule.objects.filter(pk=changing.pk).update(is_active=False)
                changes.wait()
                may_end.wait()
        finally:
            connection.close()

    changer = Thread(target=change)
    changer.start()
    changes.wait()
    try:
        clock.set("13:00")
        tick("default")
        assert told(rule) == [Told("13:00", 0)]
    finally:
        may_end.wait()
        changer.join()
    tick("default")
    assert set(ClockSchedule.objects.exclude(due=None).values_list("rule", flat=True)) == {rule.pk}
