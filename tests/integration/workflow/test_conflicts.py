"""What a database refuses because another transaction was first: a conflict, wherever in a transition it shows."""

from threading import Barrier, Event, Thread

import pymysql
import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, connection, connections, transaction

from detent.workflow import ConcurrentTransition
from detent.workflow.log.models import TransitionLog
from tests.integration.workflow.race import race
from tests.shop.models import Letter, Order

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("write_path")]

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="it takes PostgreSQL's isolation levels")


def elsewhere(work):
    """Do something in another connection, and wait for it."""

    def run():
        try:
            work()
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join()


@pytest.fixture
def serializable():
    """Let each transaction of this connection be serializable."""
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE")
    yield
    connection.close()


@on_postgresql
def test_a_snapshot_that_is_too_old_is_a_conflict(make_order):
    make_order()
    with transaction.atomic():
        connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        order = Order.objects.get()
        elsewhere(lambda: Order.objects.get().place())
        with pytest.raises(ConcurrentTransition):
            order.place()
        transaction.set_rollback(True)
    assert TransitionLog.objects.count() == 1


@on_postgresql
def test_a_commit_that_is_refused_is_a_conflict_and_memory_is_put_back(make_order, monkeypatch, serializable):
    order, other = make_order(), make_order()

    def read_both_and_write_the_other():
        with transaction.atomic():
            connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")
            assert Order.objects.filter(state="draft").count() == 2
            Order.objects.filter(pk=other.pk).update(state="placed")

    def read_both(_):
        assert Order.objects.filter(state="draft").count() == 2
        elsewhere(read_both_and_write_the_other)

    monkeypatch.setattr(Order.place, "implementation", read_both)
    with pytest.raises(ConcurrentTransition) as refused:
        order.place()
    assert (refused.value.verdict.code, refused.value.state) == ("concurrent", "draft")
    assert isinstance(refused.value.__cause__, OperationalError)
    assert (order.state, Order.objects.get(pk=order.pk).state, TransitionLog.objects.count()) == ("draft", "draft", 0)
    monkeypatch.undo()
    order.place()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time, so no deadlocks")
def test_of_two_transitions_in_a_deadlock_one_takes_place_and_the_other_is_a_conflict(monkeypatch):
    both_hold_one = Barrier(2)
    pks = [Letter.objects.create(state="stamped", text=name).pk for name in ("a", "b")]

    def lock_own_and_then_the_other(letter):
        Letter.objects.select_for_update().get(pk=letter.pk)
        both_hold_one.wait()
        Letter.objects.select_for_update().get(pk=sum(pks) - letter.pk)

    monkeypatch.setattr(Letter.send, "implementation", lock_own_and_then_the_other)
    copies = [Letter.objects.get(pk=pk) for pk in pks]
    (conflict,) = filter(None, race(*(copy.send for copy in copies)))
    assert isinstance(conflict, ConcurrentTransition)
    assert conflict.transition == "send"
    assert sorted(Letter.objects.values_list("state", flat=True)) == ["sent", "stamped"]
    assert TransitionLog.objects.count() == 1


def test_an_error_of_a_hooks_own_is_no_conflict(make_order, monkeypatch):
    order = make_order()
    monkeypatch.setattr(Order.place, "implementation", lambda _: Order.objects.create(pk=order.pk, total=1))
    with pytest.raises(IntegrityError):
        order.place()

    def fail(_):
        raise OperationalError("the disk is full")

    monkeypatch.setattr(Order.place, "implementation", fail)
    with pytest.raises(OperationalError, match="disk"):
        order.place()
    assert order.state == "draft"


@pytest.mark.parametrize(
    "error",
    [
        pymysql.err.OperationalError(1213, "Deadlock found when trying to get lock"),
        pymysql.err.OperationalError(1020, "Record has changed since last read"),
    ],
)
def test_the_numbers_of_mysql_for_a_deadlock_and_an_old_snapshot_are_conflicts(make_order, monkeypatch, error):
    def fail(_):
        with connection.wrap_database_errors:
            raise OperationalError(*error.args) from error

    order = make_order()
    monkeypatch.setattr(Order.place, "implementation", fail)
    with pytest.raises(ConcurrentTransition) as refused:
        order.place()
    assert isinstance(refused.value.__cause__, DatabaseError)
    assert order.state == refused.value.state == "draft"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's way to say it")
def test_a_deferred_transaction_of_sqlite_that_read_before_another_wrote_is_a_conflict(make_order, monkeypatch):
    make_order()
    monkeypatch.setattr(connections["default"], "transaction_mode", "DEFERRED")
    may_go = Event()
    with transaction.atomic():
        order = Order.objects.get()
        elsewhere(lambda: (Order.objects.get().place(), may_go.set()))
        assert may_go.is_set()
        with pytest.raises(ConcurrentTransition):
            order.place()
        transaction.set_rollback(True)
    assert TransitionLog.objects.count() == 1
