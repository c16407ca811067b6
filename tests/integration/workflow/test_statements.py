"""How many statements a transition takes, and that both ways of writing a row come to the same."""

from datetime import datetime
from decimal import Decimal
from http import HTTPStatus
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.db.models import F, TextChoices
from django.db.models.signals import post_save, pre_save
from django.test.utils import CaptureQueriesContext
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from detent.workflow import ConcurrentTransition, transitioned
from detent.workflow.fields import StrayName
from detent.workflow.log.models import TransitionLog
from detent.workflow.statements import insert
from tests.shop.models import AmendedContract, Contract, Letter, Order

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_listeners(monkeypatch):
    monkeypatch.setattr(transitioned, "receivers", [])


def writes(queries):
    return [query["sql"].split()[0] for query in queries if query["sql"].split()[0] not in {"SAVEPOINT", "RELEASE"}]


def test_a_saved_and_logged_transition_takes_two_statements_and_on_postgresql_one(make_order, write_path):
    make_order().place()
    order = make_order()
    with CaptureQueriesContext(connection) as queries:
        order.place()
    in_one = connection.vendor == "postgresql" and write_path == "compiled"
    assert writes(queries) == (["WITH"] if in_one else ["UPDATE", "INSERT"])


def test_a_new_object_is_inserted_in_the_new_state_and_logged_in_two_statements(write_path):
    Order(customer="C1", total=Decimal(1)).place()
    order = Order(customer="C2", total=Decimal("2.50"))
    with CaptureQueriesContext(connection) as queries:
        order.place()
    assert writes(queries) == ["INSERT", "INSERT"]
    assert (order._state.adding, order._state.db) == (False, "default")
    stored = Order.objects.get(pk=order.pk)
    assert (stored.customer, stored.total, stored.state, stored.created) == ("C2", 2.5, "placed", order.created)
    assert order.transition_logs.get().from_state == "draft"
    order.pay(amount=Decimal(3), reference="r")
    assert Order.objects.get(pk=order.pk).state == "paid"


def test_a_new_object_that_cannot_be_inserted_stays_new(write_path):
    order = Order(customer=None, total=Decimal(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        order.place()
    assert (order.pk, order.state, order._state.adding) == (None, "draft", True)


def test_a_transition_of_an_object_in_two_tables_takes_three_statements():
    AmendedContract.objects.create().sign("ann")
    contract = AmendedContract.objects.create()
    with CaptureQueriesContext(connection) as queries:
        contract.sign("ann")
    assert writes(queries) == ["UPDATE", "UPDATE", "INSERT"]


def test_a_transition_in_a_hook_takes_statements_of_its_own_in_a_savepoint(monkeypatch):
    monkeypatch.setattr(Letter, "note", lambda letter, step: step == "enter" and letter.send())
    Letter.objects.create(text="Dear").stamp()
    letter = Letter.objects.create(text="Dear")
    with CaptureQueriesContext(connection) as queries:
        letter.stamp()
    move = ["WITH"] if connection.vendor == "postgresql" else ["UPDATE", "INSERT"]
    words = [query["sql"].split()[0] for query in queries]
    assert words == ["SAVEPOINT", *move, "SAVEPOINT", *move, "RELEASE", "RELEASE"]


def test_a_refused_transition_takes_no_statement(make_order):
    order = make_order()
    with CaptureQueriesContext(connection) as queries:
        assert not order.ship.is_available()
    assert writes(queries) == []


def test_both_ways_write_the_same_row_and_the_same_log(make_order, make_user, write_path):
    user = make_user("ann")
    order = make_order(state="placed")
    order.customer = "Zoë % 'quoted'"
    order.pay.options(by=user, context={"n": [1, None]})(amount=Decimal("40.5"), reference="r")
    row = Order.objects.values("customer", "total", "reference", "state").get()
    assert row == {"customer": "Zoë % 'quoted'", "total": Decimal("40.00"), "reference": "r", "state": "paid"}
    assert Order.objects.get().created == order.created
    [log] = TransitionLog.objects.values()
    assert log.pop("timestamp") == TransitionLog.objects.get().timestamp
    assert log == {
        "id": TransitionLog.objects.get().pk,
        "transition": "pay",
        "from_state": "placed",
        "to_state": "paid",
        "content_type_id": TransitionLog.objects.get().content_type_id,
        "content_id": order.pk,
        "object_key": str(order.pk),
        "state_field": "state",
        "context": {"n": [1, None]},
        "cause": "",
        "key": None,
        "user_id": user.pk,
    }
    assert (order._state.adding, order._state.db) == (False, "default")


def test_every_field_is_written_as_save_would(make_order, write_path):
    order = make_order()
    Order.objects.update(reference="overwritten")
    order.place()
    assert Order.objects.get().reference == ""


def test_an_expression_as_a_value_is_written_by_save():
    letter = Letter.objects.create(text="Dear", stamps=2)
    letter.stamps = F("stamps") + 5
    letter.state = "stamped"
    letter.save()
    letter.refresh_from_db()
    letter.stamps = F("stamps") + 1
    letter.send()
    assert Letter.objects.values("stamps", "state").get() == {"stamps": 8, "state": "sent"}


def test_signals_and_an_overridden_save_are_heard(make_order):
    heard = []

    def receiver(sender, signal, **_):
        heard.append((sender, signal))

    order, contract = make_order(), Contract.objects.create()
    for signal in (pre_save, post_save):
        signal.connect(receiver)
    try:
        order.place()
        with pytest.raises(RuntimeError, match="refused"):
            contract.sign("refused")
    finally:
        for signal in (pre_save, post_save):
            signal.disconnect(receiver)
    written = [(sender, signal) for sender in (Order, TransitionLog, Contract) for signal in (pre_save, post_save)]
    assert heard == written


def test_a_save_that_is_replaced_on_the_class_is_called(make_order, monkeypatch):
    saved = []

    def save(order):
        saved.append(order)

    order = make_order()
    monkeypatch.setattr(Order, "save", save)
    order.place()
    assert (saved, Order.objects.get().state) == ([order], "draft")


def test_an_unsaved_related_object_is_refused_by_both_ways(make_order, write_path):
    class Stranger:
        is_authenticated = True

        @staticmethod
        def has_perm(*_):
            return True

    order = make_order()
    with pytest.raises(ValueError, match="must be a"):
        order.place.by(Stranger())()
    assert Order.objects.get().state == "draft"


def test_both_ways_find_a_conflict(make_order, write_path):
    order = make_order()
    Order.objects.update(state="cancelled")
    with pytest.raises(ConcurrentTransition):
        order.place()


class Tone(TextChoices):
    """How a letter sounds."""

    WARM = "warm"


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("plain", "plain"),
        (mark_safe("<b>"), "<b>"),
        (Tone.WARM, "warm"),
        (gettext_lazy("Yes"), "Yes"),
        (7, "7"),
        (StrayName("stray"), "stray"),
    ],
)
def test_both_ways_store_a_text_whatever_its_type(given, stored, write_path):
    letter = Letter.objects.create(text="Dear", state="stamped")
    letter.text = given
    letter.send()
    assert Letter.objects.values("text", "state").get() == {"text": stored, "state": "sent"}


@pytest.mark.parametrize(
    ("given", "stored"),
    [(7, 7), ("7", 7), (7.9, 7), (True, 1), (Decimal("7.0"), 7), (HTTPStatus.OK, 200), (F("stamps") + 3, 4)],
)
def test_both_ways_store_a_number_whatever_its_type(given, stored, write_path):
    letter = Letter.objects.create(text="Dear", stamps=1, state="stamped")
    letter.stamps = given
    letter.send()
    assert Letter.objects.values("stamps", "state").get() == {"stamps": stored, "state": "sent"}


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kathmandu", "Africa/Monrovia"])
def test_both_ways_store_a_moment_whatever_its_zone(zone, make_order, write_path):
    order = make_order()
    order.created = datetime(1971, 3, 4, 5, 6, 7, 89, tzinfo=ZoneInfo(zone))
    order.place()
    assert Order.objects.get(pk=order.pk).created == order.created


@pytest.mark.parametrize(("given", "error"), [("many", ValueError), ([], TypeError), (None, IntegrityError)])
def test_both_ways_refuse_what_is_no_number(given, error, write_path):
    letter = Letter.objects.create(text="Dear", state="stamped")
    letter.stamps = given
    with pytest.raises(error), transaction.atomic():
        letter.send()
    assert (letter.state, Letter.objects.get().state) == ("stamped", "stamped")


@pytest.mark.parametrize("state", ["lost", StrayName("lost"), mark_safe("sent"), "sent"])
def test_both_ways_store_the_state_that_an_object_has_whatever_its_type(state, write_path):
    letter = Letter(text="Dear")
    # As unpickling does, past the attribute.
    letter.__dict__["state"] = state
    insert(letter, "default")
    assert Letter.objects.values_list("state", flat=True).get() == state


@pytest.mark.parametrize("as_given", [int, str, float])
def test_both_ways_store_a_foreign_key_whatever_its_type(as_given, make_order, make_user, write_path):
    user = make_user("ann")
    TransitionLog.log_transition("pay", "placed", "paid", make_order(), user_id=as_given(user.pk))
    assert TransitionLog.objects.get().user == user


def test_both_ways_take_an_empty_text_as_no_foreign_key(make_order, write_path):
    TransitionLog.log_transition("pay", "placed", "paid", make_order(), user_id="")
    assert TransitionLog.objects.get().user_id is None


def test_both_ways_take_over_the_key_of_an_object_that_was_saved_since(write_path):
    user = User(username="ann")
    entry = TransitionLog(transition="pay", from_state="placed", to_state="paid", user=user)
    user.save()
    insert(entry, "default")
    assert (entry.user_id, TransitionLog.objects.get().user_id) == (user.pk, user.pk)


def test_both_ways_refuse_to_point_at_an_object_that_is_not_saved(write_path):
    entry = TransitionLog(transition="pay", from_state="placed", to_state="paid", user=User(username="ann"))
    with pytest.raises(ValueError, match="unsaved related object 'user'"):
        insert(entry, "default")


def test_both_ways_forget_a_related_object_whose_key_was_replaced(make_user, write_path):
    ann, bob = make_user("ann"), make_user("bob")
    entry = TransitionLog(transition="pay", from_state="placed", to_state="paid", user=ann)
    entry.user_id = bob.pk
    insert(entry, "default")
    assert (entry.user, TransitionLog.objects.get().user) == (bob, bob)


def test_a_failed_statement_breaks_the_transaction_around_it(write_path):
    letter = Letter(text="Dear", stamps=None)
    with transaction.atomic():
        with pytest.raises(IntegrityError):
            insert(letter, "default")
        assert transaction.get_rollback()
