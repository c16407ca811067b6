"""Moving many objects at once."""

import pytest
from django.core.exceptions import FieldError
from django.db import connection, connections, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.test.utils import CaptureQueriesContext

from detent.machine.errors import NotEnabled, UnknownTransition
from detent.workflow import (
    ConcurrentTransition,
    MissingArgument,
    Moved,
    UnknownStateField,
    UnmovableSelection,
    WorkflowQuerySet,
    acting,
    caused_by,
    transitioned,
)
from detent.workflow.log.models import TransitionLog
from tests.shop.models import (
    Claim,
    Document,
    ExpressClaim,
    Invoice,
    InvoiceLog,
    Machine,
    Order,
    Parcel,
    PressingClaim,
)

pytestmark = pytest.mark.django_db


def states(model):
    return sorted(model.objects.values_list("pk", "state"))


# What comes of it


def test_those_in_a_source_state_are_moved_and_the_others_counted_by_reason(make_order):
    placed, paid, draft = make_order(state="placed"), make_order(state="paid"), make_order()
    result = Order.objects.transition("expire")
    assert (result.moved, result.refused) == (1, {"wrong_state": 2})
    assert states(Order) == [(placed.pk, "cancelled"), (paid.pk, "paid"), (draft.pk, "draft")]


def test_the_first_keys_and_the_states_of_the_refused_are_told(make_order):
    orders = [make_order(state="paid" if number % 2 else "draft") for number in range(14)]
    refused = Order.objects.transition("expire").refused
    assert set(refused.first_keys["wrong_state"]) <= {order.pk for order in orders}
    assert len(refused.first_keys["wrong_state"]) == 10
    assert refused.states == {"wrong_state": {"paid": 7, "draft": 7}}


def test_a_state_that_the_workflow_lacks_is_a_reason_of_its_own(make_order):
    stray = make_order()
    connection.cursor().execute("UPDATE shop_order SET state = 'gone'")
    result = Order.objects.transition("expire")
    assert (result.moved, result.refused) == (0, {"unknown_state": 1})
    assert result.refused.first_keys == {"unknown_state": (stray.pk,)}


def test_only_the_selected_objects_are_moved(make_order):
    mine, other = make_order(state="placed"), make_order(state="placed", customer="C8")
    assert Order.objects.filter(customer="C7").transition("expire").moved == 1
    assert states(Order) == [(mine.pk, "cancelled"), (other.pk, "placed")]


def test_of_nothing_nothing_is_moved(make_order, announced):
    make_order(state="placed")
    assert Order.objects.none().transition("expire").moved == 0
    assert Order.objects.filter(customer="nobody").transition("expire").moved == 0
    assert not announced


def test_a_dry_run_counts_and_writes_nothing(make_order, announced):
    make_order(state="placed"), make_order(state="paid")
    with CaptureQueriesContext(connection) as queries:
        result = Order.objects.transition("expire", dry_run=True)
        by_one = Order.objects.transition("pay", arguments={"amount": 1}, dry_run=True)
    assert (result.moved, result.refused) == (1, {"wrong_state": 1})
    assert (by_one.moved, by_one.refused) == (0, {"wrong_state": 1, "check": 1})
    assert not announced
    assert not TransitionLog.objects.exists()
    assert not [query for query in queries if "UPDATE" in query["sql"]]


# In sets


def test_statements_do_not_grow_with_the_objects(make_order):
    def statements(count):
        Order.objects.bulk_create([Order(customer="C7", total=1, state="placed") for _ in range(count)])
        with CaptureQueriesContext(connection) as queries:
            assert Order.objects.filter(customer="C7", state="placed").transition("expire").moved == count
        return len(queries)

    statements(1)
    assert statements(1) == statements(400)


def test_more_objects_than_a_statement_takes_are_moved(make_order, monkeypatch):
    monkeypatch.setattr("detent.workflow.bulk.selection._MOST_KEYS", 7)
    Order.objects.bulk_create([Order(customer="C7", total=1, state="placed") for _ in range(20)])
    assert Order.objects.annotate(n=Count("claims")).transition("expire").moved == 20
    assert Order.objects.in_state("cancelled").count() == TransitionLog.objects.count() == 20


def test_each_log_row_says_what_a_single_calls_would(make_order, make_user):
    user = make_user("staff")
    single, many = make_order(state="placed"), make_order(state="placed")
    with caused_by("delivery:7"):
        single.expire.options(by=user, context={"why": "late"})()
        result = Order.objects.filter(pk=many.pk).transition("expire", by=user, context={"why": "late"})
    assert not result.one_by_one
    (one,), (other,) = (
        order.transition_logs.values(*(field.name for field in TransitionLog._meta.fields)) for order in (single, many)
    )
    ignored = {"id", "timestamp", "object_key", "content_id"}
    assert {k: v for k, v in one.items() if k not in ignored} == {k: v for k, v in other.items() if k not in ignored}
    assert (other["content_id"], other["object_key"]) == (many.pk, str(many.pk))


def test_each_log_row_names_the_state_that_its_object_left():
    left = {Claim.objects.create(state=state).pk: state for state in ("open", "examined", "dropped")}
    assert Claim.objects.transition("drop").moved == 3
    logged = {log.modified_object.pk: log.from_state for log in TransitionLog.objects.all()}
    assert logged == left


def test_without_log_no_row_is_written(make_order):
    make_order(state="placed")
    assert Order.objects.transition("expire", log=False).moved == 1
    assert not TransitionLog.objects.exists()


def test_a_workflow_without_log_is_moved_in_sets():
    Parcel.objects.create(code="A1")
    result = Parcel.objects.transition("queue_label")
    assert (result.moved, result.one_by_one) == (1, "")


def test_logs_point_at_objects_whose_key_is_no_integer():
    for moved, name in ((Claim.objects.create(), "drop"), (Parcel.objects.create(code="A/1"), "send")):
        assert not type(moved).objects.transition(name).one_by_one
        (log,) = moved.transition_logs
        assert (log.get_modified_object(), log.content_id) == (moved, None)


def test_a_log_of_ones_own_is_written_in_sets():
    invoice = Invoice.objects.create(number="2026/1")
    result = Invoice.objects.transition("pay", arguments={"clerk": "Ann"})
    assert not result.one_by_one
    (log,) = InvoiceLog.objects.all()
    assert (log.invoice, log.clerk, log.from_state, log.to_state) == (invoice, "Ann", "due", "paid")


def test_what_each_saving_sets_is_set():
    claim = Claim.objects.create()
    before = claim.changed
    assert not Claim.objects.transition("settle").one_by_one
    claim.refresh_from_db()
    assert claim.changed > before


def test_only_the_fields_that_the_workflow_writes_are_set():
    single, many = Machine.objects.create(state="running"), Machine.objects.create(state="running")
    single.stop()
    assert not WorkflowQuerySet(Machine).filter(pk=many.pk).transition("stop").one_by_one
    for before in (single, many):
        after = Machine.objects.get(pk=before.pk)
        assert after.started > many.started
        assert after.seen == before.seen


def test_the_version_is_counted_up():
    documents = [Document.objects.create(revision=number) for number in (3, 7)]
    stale = Document.objects.get(pk=documents[0].pk)
    assert not WorkflowQuerySet(Document).transition("edit").one_by_one
    assert sorted(Document.objects.values_list("revision", flat=True)) == [4, 8]
    with pytest.raises(ConcurrentTransition):
        stale.edit()


def test_objects_of_several_tables_are_moved_in_sets():
    claim, express = Claim.objects.create(), ExpressClaim.objects.create(price=3)
    result = WorkflowQuerySet(ExpressClaim).transition("settle")
    assert (result.moved, result.one_by_one) == (1, "")
    express.refresh_from_db(), claim.refresh_from_db()
    assert (express.state, claim.state) == ("settled", "open")
    (log,) = express.transition_logs
    assert log.from_state == "open"


def test_objects_of_a_proxy_are_moved_in_sets():
    claim = PressingClaim.objects.create()
    result = WorkflowQuerySet(PressingClaim).transition("settle")
    assert (result.moved, result.one_by_one) == (1, "")
    assert Claim.objects.get().transition_logs.count() == 1
    assert PressingClaim.objects.get(pk=claim.pk).state == "settled"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite has transactions that may never come to write")
def test_the_right_to_write_is_taken_before_anything_is_read(make_order, monkeypatch):
    make_order(state="placed")
    monkeypatch.setattr(connections["default"], "transaction_mode", None)
    with CaptureQueriesContext(connection) as queries:
        Order.objects.transition("expire")
    statements = [query["sql"] for query in queries if "shop_order" in query["sql"]]
    assert statements[0] == 'UPDATE "shop_order" SET "id" = "id" WHERE 0'


def test_the_python_log_is_told_once(make_order, caplog):
    make_order(state="placed"), make_order(state="placed")
    with caplog.at_level("INFO", "detent.transitions"):
        Order.objects.transition("expire")
    assert [record.getMessage() for record in caplog.records] == [
        "2 of shop.Order performed transition OrderWorkflow.expire (-> cancelled)"
    ]


# Querysets of all kinds


@pytest.mark.parametrize("transition", ["expire", "pay"], ids=["in sets", "one by one"])
@pytest.mark.parametrize(
    ("select", "moved"),
    [
        (lambda orders: orders.order_by("-customer")[:2], {"C3", "C2"}),
        (lambda orders: orders.order_by("customer")[1:2], {"C2"}),
        (lambda orders: orders.filter(claims__text="x"), {"C1"}),
        (lambda orders: orders.filter(claims__text="x").distinct(), {"C1"}),
        (lambda orders: orders.annotate(n=Count("claims")).filter(n=0), {"C2", "C3"}),
        (lambda orders: orders.filter(Exists(Claim.objects.filter(order=OuterRef("pk")))), {"C1"}),
        (lambda orders: orders.filter(customer="C1").union(orders.filter(customer="C3")), {"C1", "C3"}),
        (lambda orders: orders.exclude(Q(customer="C1") | Q(customer="C2")), {"C3"}),
        (lambda orders: orders.only("customer").order_by("?"), {"C1", "C2", "C3"}),
        (lambda orders: orders.defer("state", "total").reverse(), {"C1", "C2", "C3"}),
        (lambda orders: orders.prefetch_related("claims").select_for_update(), {"C1", "C2", "C3"}),
        (lambda orders: orders.none(), set()),
    ],
)
def test_what_a_queryset_selects_is_moved_and_each_object_once(make_order, select, moved, transition):
    first, _, _ = (make_order(state="placed", customer=f"C{number}") for number in (1, 2, 3))
    Claim.objects.create(order=first, text="x"), Claim.objects.create(order=first, text="x")
    result = select(Order.objects.all()).transition(transition, arguments={"amount": 50})
    assert (result.moved, result.refused) == (len(moved), {})
    assert set(Order.objects.exclude(state="placed").values_list("customer", flat=True)) == moved


def test_a_queryset_of_values_is_refused(make_order):
    make_order(state="placed")
    for queryset in (Order.objects.values("customer"), Order.objects.values_list("pk")):
        with pytest.raises(UnmovableSelection, match=r"shop\.Order") as refused:
            queryset.transition("expire")
        assert refused.value.model == "shop.Order"


# What is asked wrongly


def test_a_transition_that_the_model_lacks_is_named_with_those_that_it_has(make_order):
    make_order(state="placed")
    with pytest.raises(UnknownTransition, match=r"shop.Order has no transition 'expires'; it has .*expire") as refused:
        Order.objects.transition("expires")
    assert (refused.value.name, refused.value.transition) == ("expires", "expires")


def test_the_state_field_is_told_by_the_transition_or_named():
    Parcel.objects.create(code="A1")
    assert Parcel.objects.transition("send").moved == 1
    assert Parcel.objects.transition("queue_label", field="label").moved == 1
    with pytest.raises(UnknownTransition):
        Parcel.objects.transition("send", field="label")
    with pytest.raises(UnknownStateField):
        Parcel.objects.transition("send", field="colour")


def test_a_model_without_transitions_is_refused(make_user):
    with pytest.raises(NotEnabled, match="WorkflowEnabled"):
        WorkflowQuerySet(type(make_user("x"))).transition("expire")


def test_a_check_whose_argument_is_missing_stops_the_whole(make_order):
    first, second = make_order(state="placed"), make_order(state="placed")
    for dry_run in (False, True):
        with pytest.raises(MissingArgument, match="amount"):
            Order.objects.transition("pay", dry_run=dry_run)
    assert states(Order) == [(first.pk, "placed"), (second.pk, "placed")]


# Who acts


def test_who_has_the_permission_moves_in_sets(make_order, make_user):
    make_order(state="placed")
    result = Order.objects.transition("cancel", by=make_user("boss", "cancel_order"))
    assert (result.moved, result.one_by_one) == (1, "")
    assert TransitionLog.objects.get().user.username == "boss"


def test_who_lacks_the_permission_moves_nothing(make_order, make_user):
    make_order(state="placed"), make_order(state="paid")
    with acting(user=make_user("staff")):
        result = Order.objects.transition("cancel")
    assert (result.moved, result.refused) == (0, {"permission": 1, "wrong_state": 1})
    assert not TransitionLog.objects.exists()


def test_a_permission_for_single_objects_is_asked_of_each(make_order):
    mine, other = make_order(state="placed"), make_order(state="placed")

    class Owner:
        def has_perm(self, permission, obj=None):
            return obj == mine

    result = Order.objects.transition("cancel", by=Owner(), log=False)
    assert (result.moved, result.refused) == (1, {"permission": 1})
    assert states(Order) == [(mine.pk, "cancelled"), (other.pk, "placed")]


# The announcement and the transaction


def test_all_moves_are_announced_at_once(make_order, announced, make_user):
    user = make_user("staff")
    first, second = make_order(state="placed"), make_order(state="placed")
    Order.objects.transition("expire", by=user, context={"why": "late"})
    (sent,) = announced
    assert list(sent["moves"]) == [Moved(order.pk, "placed", "cancelled") for order in (first, second)]
    assert (sent["sender"], sent["field"], sent["user"], sent["context"]) == (Order, "state", user, {"why": "late"})
    assert sent["transition"].name == "expire"


def test_a_receiver_that_fails_undoes_the_whole(make_order):
    def receiver(**_):
        raise RuntimeError("no")

    order = make_order(state="placed")
    transitioned.connect(receiver, sender=Order)
    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            Order.objects.transition("expire")
    finally:
        transitioned.disconnect(receiver, sender=Order)
    assert states(Order) == [(order.pk, "placed")]
    assert not TransitionLog.objects.exists()


def test_a_field_error_in_the_queryset_reaches_the_caller():
    with pytest.raises(FieldError):
        Order.objects.filter(nothing=1).transition("expire")
