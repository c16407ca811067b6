"""A transition that comes to one statement needs no transaction around it, and is undone like any other."""

import logging

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from detent.machine.hooks import Hook
from detent.workflow import ConcurrentTransition, transitioned
from detent.workflow.log.models import TransitionLog
from detent.workflow.statements import compiled
from tests.shop.models import Letter, Order, Parcel

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL moves and logs in one statement"),
]


@pytest.fixture(autouse=True)
def no_listeners(monkeypatch):
    monkeypatch.setattr(transitioned, "receivers", [])


def words(queries):
    return [query["sql"].split()[0] for query in queries]


def test_one_statement_is_all_that_is_sent(make_order):
    make_order().place()
    order = make_order()
    with CaptureQueriesContext(connection) as queries:
        order.place()
    assert words(queries) == ["WITH"]
    assert (Order.objects.get(pk=order.pk).state, order.transition_logs.get().to_state) == ("placed", "placed")


def test_a_conflict_writes_nothing_and_puts_memory_back(make_order):
    order = make_order()
    Order.objects.update(state="cancelled")
    with pytest.raises(ConcurrentTransition):
        order.place()
    assert (order.state, TransitionLog.objects.count()) == ("draft", 0)


def test_an_error_of_the_database_writes_nothing_and_puts_memory_back(make_order):
    order = make_order()
    order.customer = "x" * 41
    with pytest.raises(DataError, match="too long"):
        order.place()
    assert (order.state, Order.objects.get().state, TransitionLog.objects.count()) == ("draft", "draft", 0)


def test_a_log_value_that_is_too_long_is_refused_and_not_cut(monkeypatch):
    parcel = Parcel.objects.create(code="A1")
    monkeypatch.setattr(type(Parcel.state).transitions.send, "name", "s" * 256)
    with pytest.raises(DataError, match="too long"):
        parcel.send()
    assert (parcel.state, TransitionLog.objects.count()) == ("packed", 0)


def test_two_statements_for_a_log_that_cannot_be_fed_are_one_transaction(monkeypatch, request):
    request.addfinalizer(compiled.moving.cache_clear)
    monkeypatch.setattr(compiled, "_CASTABLE", frozenset())
    compiled.moving.cache_clear()
    parcel = Parcel.objects.create(code="A1")
    monkeypatch.setattr(type(Parcel.state).transitions.send, "name", "s" * 256)
    with pytest.raises(DataError, match="too long"):
        parcel.send()
    assert (parcel.state, Parcel.objects.get().state, TransitionLog.objects.count()) == ("packed", "packed", 0)


def test_what_turns_out_to_need_more_is_done_in_a_transaction(make_order):
    make_order().place()
    order = Order.objects.defer("reference").get(pk=make_order().pk)
    with CaptureQueriesContext(connection) as queries:
        order.place()
    assert words(queries) == ["BEGIN", "UPDATE", "INSERT", "COMMIT"]


def test_an_after_commit_hook_runs_once_the_statement_is_done(make_order, told):
    order = make_order(state="paid")
    order.ship()
    assert told == [f"C7: your order {order.pk} is on its way"]


def test_an_after_commit_hook_that_is_interrupted_does_not_put_back_what_is_committed(make_order, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    order = make_order(state="paid")
    monkeypatch.setattr(Hook, "run", interrupt)
    with pytest.raises(KeyboardInterrupt):
        order.ship()
    assert order.state == Order.objects.get().state == "shipped"


def test_a_transition_is_told_to_the_python_log(make_order, caplog):
    with caplog.at_level(logging.INFO, "detent.transitions"):
        make_order(pk=7).place()
    assert len(caplog.messages) == 1


def test_a_hook_a_method_a_listener_or_a_transaction_under_way_brings_a_transaction(make_order, monkeypatch):
    def begins(move):
        with CaptureQueriesContext(connection) as queries:
            move()
        return words(queries)[0]

    order, letter, other = make_order(state="placed"), Letter.objects.create(state="stamped"), make_order()
    assert begins(Letter.objects.create(text="Dear").stamp) == "BEGIN"
    assert begins(lambda: order.pay(amount=40)) == "BEGIN"
    with transaction.atomic():
        assert begins(letter.send) == "SAVEPOINT"
    transitioned.connect(begins, sender=Order)
    monkeypatch.setattr(transitioned, "send", lambda **_: None)
    assert begins(other.place) == "BEGIN"


@pytest.fixture
def prepared_by_the_server(monkeypatch):
    """Let the server bind the parameters, and prepare each statement at once."""
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {"server_side_binding": True, "prepare_threshold": 0})
    connection.close()
    connection.features.__dict__.pop("uses_server_side_binding", None)
    yield
    connection.close()
    connection.features.__dict__.pop("uses_server_side_binding", None)


@pytest.mark.usefixtures("prepared_by_the_server")
def test_a_server_that_binds_and_prepares_does_the_same(make_order, make_user):
    assert connection.features.uses_server_side_binding
    user = make_user("ann", "cancel_order")
    for order in [make_order(), make_order()]:
        order.place.options(context={"n": 1})()
        order.cancel.by(user)()
        assert Order.objects.get(pk=order.pk).state == "cancelled"
        logs = order.transition_logs.order_by("pk").values_list("to_state", "context", "user__username")
        assert list(logs) == [("placed", {"n": 1}, None), ("cancelled", {}, "ann")]
