"""Atomic actions share a transaction, and each is as exact as if it had one of its own."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from detent.trigger.delivery.database_clock import DatabaseNow
from detent.trigger.delivery.leases import expire_leases
from detent.trigger.delivery.worker import Worker
from detent.trigger.models import Delivery, Ruleset
from tests.integration.delivery.conftest import Register
from tests.integration.delivery.factories import fresh, let_lease_run_out, make_delivery

pytestmark = pytest.mark.django_db(transaction=True)


def effects() -> list[str]:
    return sorted(Ruleset.objects.values_list("token", flat=True))


def make_three(action: str) -> list[Delivery]:
    """Make deliveries for the numbers 0, 1 and 2, and one before them by which the action is known to be quick."""
    make_delivery(action, {"number": 9}, priority=1)
    return [make_delivery(action, {"number": number}) for number in range(3)]


def test_one_that_fails_is_undone_alone(register: Register) -> None:
    def act(delivery: Delivery, *, number: int) -> None:
        Ruleset.objects.create(token=str(number))
        if number == 1:
            raise ValueError("not one")

    made = make_three(register(act))
    assert Worker().run_once() == 4
    assert effects() == ["0", "2", "9"]
    assert [fresh(each).state for each in made] == ["done", "waiting", "done"]
    assert fresh(made[1]).error == "ValueError: not one"


def test_one_that_spoils_the_transaction_for_all_fails_alone(register: Register) -> None:
    def act(delivery: Delivery, *, number: int) -> None:
        Ruleset.objects.create(token=str(number))
        if number == 1:
            transaction.atomic().__enter__()

    made = make_three(register(act))
    assert Worker().run_once() == 4
    assert effects() == ["0", "2", "9"]
    assert [fresh(each).state for each in made] == ["done", "waiting", "done"]
    assert "left a transaction open" in fresh(made[1]).error


def test_one_that_was_taken_over_is_undone_alone(register: Register) -> None:
    def act(delivery: Delivery, *, number: int) -> None:
        Ruleset.objects.create(token=str(number))
        if number == 1:
            # What another worker would have done, had this one stood still for longer than its lease.
            Delivery.objects.filter(pk=delivery.pk).update(epoch=delivery.epoch + 1)

    made = make_three(register(act))
    Worker().run_once()
    assert effects() == ["0", "2", "9"]
    assert [fresh(each).state for each in made] == ["done", "running", "done"]


@pytest.mark.parametrize("statement", ["COMMIT", " rollback;", "BEGIN", "end"])
def test_one_that_ends_the_transaction_by_itself_is_refused_with_the_reason(register: Register, statement: str) -> None:
    def act(delivery: Delivery, *, number: int) -> None:
        Ruleset.objects.create(token=str(number))
        if number == 1:
            with connection.cursor() as cursor:
                cursor.execute(statement)

    made = make_three(register(act))
    assert Worker().run_once() == 4
    assert effects() == ["0", "2", "9"]
    assert [fresh(each).state for each in made] == ["done", "waiting", "done"]
    assert f"cannot execute {statement.strip()!r}" in fresh(made[1]).error


def commit_by_the_driver() -> None:
    connection.connection.commit()


def commit_by_the_driver_and_write_on() -> None:
    connection.connection.commit()
    Ruleset.objects.create(token="after")


@pytest.mark.parametrize("commit", [commit_by_the_driver, commit_by_the_driver_and_write_on])
def test_one_that_commits_by_the_driver_is_dead_with_the_reason_and_the_others_are_done(
    register: Register, commit: Callable[[], None]
) -> None:
    """What it has committed with it nobody can undo, so it is not tried again."""

    def act(delivery: Delivery, *, number: int) -> None:
        Ruleset.objects.create(token=str(number))
        if number == 1:
            commit()

    made = make_three(register(act))
    Worker().run_until_idle()
    assert {"0", "2", "9"} <= set(effects())
    assert [fresh(each).state for each in made] == ["done", "dead", "done"]
    assert "ended the transaction" in fresh(made[1]).error


def test_what_is_to_be_called_after_the_commit_is_called_though_that_of_another_fails(register: Register) -> None:
    called = []

    def act(delivery: Delivery, *, number: int) -> None:
        def after() -> None:
            called.append(number)
            if number == 0:
                raise ValueError("after the commit")

        transaction.on_commit(after)

    made = make_three(register(act))
    assert Worker().run_once() == 4
    assert called == [9, 0, 1, 2]
    assert {fresh(each).state for each in made} == {"done"}


def test_one_that_is_rolled_back_has_nothing_called_after_the_commit(register: Register) -> None:
    called = []

    def act(delivery: Delivery, *, number: int) -> None:
        transaction.on_commit(lambda: called.append(number))
        if number == 1:
            raise ValueError

    make_three(register(act))
    Worker().run_once()
    assert called == [9, 0, 2]


def test_all_that_run_together_are_committed_together_with_their_ends(register: Register) -> None:
    """At no moment does another connection see an effect without its end."""
    seen: list[tuple[int, int]] = []

    def act(delivery: Delivery, *, number: int) -> None:
        Ruleset.objects.create(token=str(number))
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute(
                    "SELECT (SELECT COUNT(*) FROM trigger_ruleset),"
                    " (SELECT COUNT(*) FROM trigger_delivery WHERE state = 'done')"
                )
                seen.append(cursor.fetchone())
        finally:
            other.close()

    make_three(register(act))
    Worker().run_once()
    assert len(seen) == 4
    assert all(effects_seen == ends_seen for effects_seen, ends_seen in seen)


def test_an_end_that_comes_too_late_among_others_in_time_is_not_written(register: Register) -> None:
    def act(delivery: Delivery, *, number: int) -> None:
        if number == 1:
            let_lease_run_out(delivery)
            expire_leases("default")

    name = register(act, atomic=False)
    made = make_three(name)
    assert Worker().run_once() == 4
    assert [fresh(each).state for each in made] == ["done", "waiting", "done"]
    assert [attempt.outcome for attempt in made[1].tries.all()] == ["lost"]


def test_a_slow_action_is_waited_for_by_nobody(register: Register) -> None:
    """What ran before an action that is not known to be quick is written before it begins."""
    states = []

    def quick(delivery: Delivery, *, number: int) -> None: ...

    def slow(delivery: Delivery) -> None:
        states.append(Delivery.objects.filter(state="done").count())

    make_three(register(quick, atomic=False))
    make_delivery(register(slow, atomic=False), due=DatabaseNow())
    Worker().run_once()
    assert states == [4]
