"""What the log keeps of a transition, and where."""

from decimal import Decimal

import pytest
from django.contrib.contenttypes.models import ContentType

from detent.workflow import (
    NoLog,
    UnknownStateField,
    UnloggableKey,
    UnsavedObject,
    UnusableCause,
    Workflow,
    caused_by,
    current_cause,
)
from detent.workflow.log.models import TransitionLog
from tests.shop.models import LastReminderLog, Letter, Loan, LoanLog, Order, Parcel, UrgentContract

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("write_path")
def test_a_log_row_tells_the_transition_the_states_the_field_who_and_why(make_order, make_user):
    order, user = make_order(), make_user("ann")
    with caused_by("delivery:17"):
        order.place.options(by=user, context={"ip": "::1", "total": Decimal("40.00")})()
    log = order.transition_logs.get()
    assert (log.transition, log.from_state, log.to_state, log.state_field) == ("place", "draft", "placed", "state")
    assert (log.user, log.cause, log.context) == (user, "delivery:17", {"ip": "::1", "total": "40.00"})
    assert (log.content_id, log.object_key, log.modified_object) == (order.pk, str(order.pk), order)
    assert log.content_type == ContentType.objects.get_for_model(Order)
    assert current_cause() == ""


def test_the_logs_of_an_object_are_its_own_newest_first(make_order):
    order, other = make_order(), make_order()
    order.place()
    other.place()
    order.pay(amount=Decimal(40))
    assert [log.transition for log in order.transition_logs] == ["pay", "place"]


class WriteToDefault:
    """A router that writes to the default database what was read elsewhere."""

    def db_for_write(self, model, **hints):
        return "default"


def test_an_object_read_from_a_replica_is_logged_where_it_is_written(make_order, settings):
    settings.DATABASE_ROUTERS = [WriteToDefault()]
    order = make_order()
    order._state.db = "replica"
    order.place.options(save=False)()
    log = TransitionLog.objects.get()
    assert (log.object_key, log._state.db) == (str(order.pk), "default")


def test_a_key_that_is_no_integer_is_logged_as_text():
    parcel = Parcel.objects.create(code="A1")
    parcel.send()
    log = parcel.transition_logs.get()
    assert (log.content_id, log.object_key, log.modified_object) == (None, "A1", parcel)


def test_the_history_outlives_the_object(make_order):
    order = make_order(pk=17)
    order.place()
    order.delete()
    log = TransitionLog.objects.get(object_key="17")
    assert log.modified_object is None
    assert str(log).startswith("None: draft -> placed at ")


def test_a_workflow_with_an_empty_log_model_is_not_logged():
    parcel = Parcel.objects.create(code="A1")
    parcel.queue_label()
    assert not TransitionLog.objects.exists()


def test_an_unsaved_object_is_not_logged_and_the_error_says_what_to_do():
    with pytest.raises(UnsavedObject, match="move it without a log") as refused:
        Letter(text="Dear").stamp.options(save=False)()
    assert isinstance(refused.value, ValueError)


def test_a_proxy_shares_the_history_of_its_model():
    contract = UrgentContract.objects.create(title="lease")
    contract.sign("ann")
    assert contract.transition_logs.get().content_type == ContentType.objects.get_for_model(
        UrgentContract, for_concrete_model=True
    )


def test_a_log_model_is_chosen_by_class_by_instance_or_by_default():
    class Chosen(Workflow):
        states = (("a", "A"),)
        transitions = ()
        initial_state = "a"

    assert Chosen().get_log_model() is TransitionLog
    assert Chosen(log_model="").get_log_model() is None
    assert Chosen(log_model="", log_model_class=TransitionLog).get_log_model() is TransitionLog


def test_an_overridden_db_log_replaces_the_log_row(monkeypatch, make_order):
    logged = []
    monkeypatch.setattr(
        type(Order.state), "db_log", lambda self, transition, from_state, instance: logged.append(str(from_state))
    )
    make_order().place()
    assert (logged, TransitionLog.objects.count()) == (["draft"], 0)


def test_the_admin_shows_an_entry_and_offers_no_way_to_change_it(make_order, admin_client):
    make_order().place()
    page = admin_client.get(f"/admin/xworkflow_log/transitionlog/{TransitionLog.objects.get().pk}/change/")
    text = page.content.decode()
    assert page.status_code == 200
    assert ("draft" in text, "placed" in text) == (True, True)
    assert 'name="from_state"' not in text
    assert 'name="_save"' not in text


def test_the_history_of_a_deleted_object_is_found_by_its_key(make_order):
    order = make_order(pk=17)
    order.place()
    order.delete()
    assert [log.transition for log in TransitionLog.entries_of(Order(pk=17))] == ["place"]
    assert not order.transition_logs.exists()


def test_a_log_with_a_foreign_key_of_its_own_goes_or_stays_as_that_says():
    loan = Loan.objects.create(reader="ann")
    loan.give_back()
    assert [log.to_state for log in loan.transition_logs] == ["returned", "lent"]
    loan.delete()
    assert not LoanLog.objects.exists()


def test_a_generic_log_of_ones_own_outlives_the_object_too():
    loan = Loan.objects.create(pk=17)
    loan.remind()
    loan.delete()
    assert LastReminderLog.entries_of(Loan(pk=17)).get().to_state == "once"


def test_a_column_of_the_log_takes_an_argument_of_the_call_or_its_default():
    Loan.state.db_log(Loan.state.transitions.give_back, Loan.state.state_value("lent"), Loan.objects.create())
    Loan.state.db_log(
        Loan.state.transitions.give_back, Loan.state.state_value("lent"), Loan.objects.create(), reason="read"
    )
    assert [log.reason for log in LoanLog.objects.filter(transition="give_back").order_by("pk")] == [
        "none given",
        "read",
    ]


def test_a_log_of_the_latest_transition_keeps_one_row_for_each_object():
    loan, other = Loan.objects.create(), Loan.objects.create()
    created = LastReminderLog.objects.get(content_id=loan.pk).timestamp
    loan.remind()
    loan.insist()
    [log] = loan.logs_of("reminder")
    assert (log.transition, log.from_state, log.to_state, log.timestamp > created) == ("insist", "once", "often", True)
    assert other.logs_of("reminder").get().to_state == "never"


def test_an_object_of_several_states_tells_the_history_of_each():
    loan = Loan.objects.create()
    loan.give_back()
    assert [log.transition for log in loan.logs_of("state")] == ["give_back", ""]
    assert [log.transition for log in loan.logs_of("reminder")] == [""]


def test_of_states_that_share_a_log_only_rows_that_name_the_state_are_told(monkeypatch):
    monkeypatch.setattr(Parcel.label, "log_model_class", TransitionLog)
    parcel = Parcel.objects.create(code="A1")
    parcel.send()
    parcel.queue_label()
    parcel.lose()
    TransitionLog.objects.filter(transition="lose").update(state_field="")
    assert [[log.transition for log in parcel.logs_of(field)] for field in ("state", "label")] == [
        ["send"],
        ["queue_label"],
    ]


def test_rows_of_the_only_logged_state_are_its_own_though_they_do_not_name_it(make_order):
    order = make_order()
    order.place()
    TransitionLog.objects.update(state_field="")
    assert [log.transition for log in order.logs_of("state")] == ["place"]


def test_the_log_of_what_is_not_logged_or_no_state_is_refused(monkeypatch):
    parcel = Parcel(code="A1")
    with pytest.raises(NoLog, match=r"shop\.Parcel\.label is not logged") as refused:
        parcel.logs_of("label")
    assert (refused.value.model, refused.value.field) == ("shop.Parcel", "label")
    with pytest.raises(UnknownStateField, match="state, label"):
        parcel.logs_of("code")
    monkeypatch.setattr(Parcel.state, "log_model_class", None)
    monkeypatch.setattr(Parcel.state, "log_model", "")
    with pytest.raises(NoLog, match=r"No state of shop\.Parcel is logged"):
        parcel.transition_logs  # noqa: B018 - asked for


def test_a_log_of_integers_refuses_another_key_and_names_one_that_takes_it(monkeypatch):
    monkeypatch.setattr(Parcel.state, "log_model_class", LastReminderLog)
    parcel = Parcel.objects.create(code="A1")
    with pytest.raises(UnloggableKey, match=r"its key 'A1' is no integer.*Base the log on DetailedTransitionLog"):
        parcel.send()
    assert (parcel.state, Parcel.objects.get().state) == ("packed", "packed")


def test_the_log_of_an_object_is_read_where_the_object_was(make_order, settings):
    settings.DATABASE_ROUTERS = [WriteToDefault()]
    order = make_order()
    order._state.db = "replica"
    assert order.transition_logs.db == "replica"


@pytest.mark.parametrize("cause", ["c" * 101, 17, None])
def test_a_cause_that_a_log_row_cannot_keep_is_refused_before_anything_is_done(cause):
    with pytest.raises(UnusableCause, match="at most 100 characters") as refused, caused_by(cause):
        pytest.fail("begun")
    assert refused.value.cause == cause
    assert current_cause() == ""
