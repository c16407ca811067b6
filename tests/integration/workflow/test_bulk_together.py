"""Moving many objects at once while others move some of them, on databases that lock rows."""

from threading import Thread

import pytest
from django.db import connection, connections, transaction

from detent.workflow import ConcurrentTransition
from detent.workflow.log.models import TransitionLog
from tests.shop.models import Order

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="it is PostgreSQL that says who waits for whom"),
]

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


class Another(Thread):
    """Someone who does something on a connection of their own, and has to wait."""

    def __init__(self, act):
        super().__init__()
        self.act, self.result, self.error = act, None, None

    def run(self):
        try:
            self.result = self.act()
        except ConcurrentTransition as error:
            self.error = error
        finally:
            connections.close_all()

    def begin(self):
        self.start()
        while self.is_alive():
            with connection.cursor() as cursor:
                # A transaction else sees what it saw the first time.
                cursor.execute("SELECT pg_stat_clear_snapshot()")
                cursor.execute(WAITING)
                if cursor.fetchone()[0]:
                    return


def moves():
    return sorted(TransitionLog.objects.values_list("content_id", "from_state", "to_state"))


def test_what_someone_moves_meanwhile_is_refused_by_its_new_state(make_order):
    first, second = make_order(state="placed"), make_order(state="placed")
    another = Another(lambda: Order.objects.transition("expire"))
    with transaction.atomic():
        second.pay(amount=50)
        another.begin()
    another.join()
    assert (another.result.moved, another.result.refused) == (1, {"wrong_state": 1})
    assert moves() == [(first.pk, "placed", "cancelled"), (second.pk, "placed", "paid")]


def test_what_no_longer_meets_the_queryset_is_left_alone(make_order):
    order = make_order(state="placed")
    another = Another(lambda: Order.objects.filter(reference="").transition("expire"))
    with transaction.atomic():
        Order.objects.update(reference="paid in cash")
        another.begin()
    another.join()
    assert (another.result.moved, another.result.refused) == (0, {})
    order.refresh_from_db()
    assert order.state == "placed"


def test_the_log_says_truly_which_state_was_left(make_order):
    order = make_order(state="draft")
    another = Another(lambda: Order.objects.transition("cancel"))
    with transaction.atomic():
        order.place()
        another.begin()
    another.join()
    assert another.result.moved == 1
    assert moves() == [(order.pk, "draft", "placed"), (order.pk, "placed", "cancelled")]


def test_someone_who_comes_too_late_finds_out(make_order):
    order = make_order(state="placed")
    another = Another(lambda: Order.objects.get(pk=order.pk).pay(amount=50))
    with transaction.atomic():
        Order.objects.transition("expire")
        another.begin()
    another.join()
    assert isinstance(another.error, ConcurrentTransition)
    assert moves() == [(order.pk, "placed", "cancelled")]


def test_two_who_move_the_same_objects_in_other_orders_do_not_stop_each_other(make_order):
    for number in range(20):
        make_order(state="placed", customer=f"C{number:02}")
    another = Another(lambda: Order.objects.order_by("-customer").transition("expire"))
    with transaction.atomic():
        assert Order.objects.order_by("customer")[:15].transition("expire").moved == 15
        another.begin()
        assert Order.objects.order_by("customer")[15:].transition("expire").moved == 5
    another.join()
    assert (another.result.moved, another.result.refused) == (0, {"wrong_state": 20})


def test_a_serialization_failure_is_a_conflict_of_the_whole(make_order):
    make_order(state="placed"), make_order(state="placed")
    another = Another(lambda: Order.objects.order_by("pk")[:1].transition("expire"))
    with transaction.atomic():
        connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        assert Order.objects.in_state("placed").count() == 2
        another.start()
        another.join()
        with pytest.raises(ConcurrentTransition, match="Nothing was moved") as refused:
            Order.objects.transition("expire")
    assert (refused.value.verdict.code, refused.value.verdict.transition) == ("concurrent", "expire")
    assert TransitionLog.objects.count() == 1
