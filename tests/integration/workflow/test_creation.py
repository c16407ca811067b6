"""With `log_creation` an object's history begins with its creation."""

import pytest
from django.core import serializers
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from detent.workflow import UncertainCreation, acting, caused_by
from detent.workflow.log.models import TransitionLog
from tests.shop.models import LastReminderLog, Loan, LoanLog, Order, Ticket, UrgentTicket

pytestmark = pytest.mark.django_db


def moves(thing):
    return [(log.transition, log.from_state, log.to_state) for log in thing.transition_logs.order_by("pk")]


@pytest.mark.parametrize(
    "create", [Ticket.objects.create, lambda **values: Ticket(**values).save() or Ticket.objects.get()]
)
def test_creating_an_object_logs_the_state_in_which_it_begins(create):
    assert moves(create(title="a")) == [("", "", "open")]
    Ticket.objects.all().delete()
    assert moves(create(title="b", state="closed")) == [("", "", "closed")]


def test_the_row_tells_who_created_the_object_in_the_course_of_what(make_user):
    user = make_user("ann")
    with acting(user=user), caused_by("delivery:17"):
        log = Ticket.objects.create().transition_logs.get()
    assert (log.user, log.cause, log.state_field, log.context) == (user, "delivery:17", "state", {})


@pytest.mark.usefixtures("write_path")
def test_a_new_object_that_is_moved_was_created_in_the_state_that_it_left(make_user):
    ticket, user = Ticket(title="a"), make_user("ann")
    ticket.close.options(by=user, context={"ip": "::1"})()
    assert moves(ticket) == [("", "", "open"), ("close", "open", "closed")]
    assert {(log.user, log.context["ip"]) for log in ticket.transition_logs} == {(user, "::1")}


def test_a_new_object_that_is_moved_without_a_log_has_none():
    ticket = Ticket()
    ticket.close.options(log=False)()
    assert moves(ticket) == []


def test_only_the_insert_is_logged_not_what_is_saved_later():
    ticket = Ticket.objects.create(pk=17)
    ticket.save()
    Ticket(pk=17, title="again").save()
    assert moves(ticket) == [("", "", "open")]


def test_an_object_of_two_tables_is_logged_once_as_what_it_is():
    ticket = UrgentTicket.objects.create(title="a")
    ticket.close()
    assert moves(ticket) == [("", "", "open"), ("close", "open", "closed")]
    assert TransitionLog.objects.count() == 2


def test_the_row_of_an_object_that_comes_from_a_fixture_comes_from_there_too():
    text = serializers.serialize("json", [Ticket(pk=3)])
    [loaded] = serializers.deserialize("json", text)
    loaded.save()
    assert moves(Ticket.objects.get(pk=3)) == []


def test_a_workflow_that_does_not_ask_for_it_logs_no_creation(make_order):
    assert not make_order().transition_logs.exists()


def test_each_state_is_logged_where_its_workflow_logs(make_user):
    loan = Loan.objects.create(reader="ann", reminder="once")
    [log], [reminder] = LoanLog.objects.all(), LastReminderLog.objects.all()
    assert (log.loan, log.transition, log.to_state, log.reason) == (loan, "", "lent", "none given")
    assert (reminder.modified_object, reminder.transition, reminder.to_state) == (loan, "", "once")


def test_where_the_log_cannot_be_written_the_object_is_not_created(monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("disk full")

    monkeypatch.setattr(TransitionLog, "_write", fail)
    ticket = Ticket(title="a")
    with pytest.raises(RuntimeError), transaction.atomic():
        ticket.save()
    assert (ticket.pk, ticket._state.adding, ticket._state.db) == (None, True, None)
    assert not Ticket.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_object_and_row_are_committed_together(monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("disk full")

    monkeypatch.setattr(TransitionLog, "_write", fail)
    with pytest.raises(RuntimeError):
        Ticket.objects.create()
    assert not Ticket.objects.exists()


def test_a_creation_takes_two_statements_and_leaves_a_move_compiled(monkeypatch):
    monkeypatch.setattr("detent.workflow.signals.transitioned.receivers", [])
    Ticket.objects.create().close()
    with CaptureQueriesContext(connection) as created:
        ticket = Ticket.objects.create()
    with CaptureQueriesContext(connection) as moved:
        ticket.close()
    words, [_, *statements, _] = [[query["sql"].split()[0] for query in queries] for queries in (created, moved)]
    assert words == ["INSERT", "INSERT"]
    assert statements in (["UPDATE", "INSERT"], ["WITH"])


def test_objects_created_in_bulk_are_logged_with_them():
    tickets = Ticket.objects.bulk_create([Ticket(title="a"), Ticket(title="b", state="closed")])
    assert [moves(ticket) for ticket in tickets] == [[("", "", "open")], [("", "", "closed")]]


@pytest.mark.usefixtures("write_path")
def test_objects_created_in_bulk_are_logged_as_single_ones_are(make_user):
    with acting(user=make_user("ann")), caused_by("delivery:17"):
        single = Ticket.objects.create()
        [one, _] = Ticket.objects.bulk_create([Ticket(), Ticket()])
    columns = ["transition", "from_state", "to_state", "user", "cause", "state_field", "context", "key", "content_type"]
    assert one.transition_logs.values(*columns).get() == single.transition_logs.values(*columns).get()


def test_thousands_of_objects_created_in_bulk_take_few_statements(django_assert_max_num_queries):
    Ticket.objects.create()
    with django_assert_max_num_queries(20):
        Ticket.objects.bulk_create([Ticket() for _ in range(1000)], batch_size=500)
    assert TransitionLog.objects.count() == 1001


def test_objects_of_several_logged_states_are_created_in_bulk():
    Loan.objects.bulk_create([])
    loans = Loan.objects.bulk_create([Loan(reader="ann"), Loan(reader="bob", reminder="once")])
    assert [loan.logs_of("state").get().to_state for loan in loans] == ["lent", "lent"]
    assert [loan.logs_of("reminder").get().to_state for loan in loans] == ["never", "once"]


@pytest.mark.parametrize("option", ["ignore_conflicts", "update_conflicts"])
def test_where_not_all_may_be_created_no_object_is(option):
    with pytest.raises(UncertainCreation, match=r"objects of shop.Ticket are new.*ask first") as refused:
        Ticket.objects.bulk_create([Ticket(title="a")], **{option: True})
    assert (refused.value.model, Ticket.objects.count()) == ("shop.Ticket", 0)


@pytest.mark.django_db(transaction=True)
def test_objects_created_in_bulk_are_committed_with_their_rows(monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("disk full")

    monkeypatch.setattr(TransitionLog, "entry_for", fail)
    with pytest.raises(RuntimeError):
        Ticket.objects.bulk_create([Ticket(title="a")])
    assert not Ticket.objects.exists()


def test_objects_without_a_logged_creation_are_created_in_bulk_as_ever():
    Order.objects.bulk_create([Order(pk=1, customer="C7", total=1)] * 2, ignore_conflicts=True)
    assert not TransitionLog.objects.exists()
