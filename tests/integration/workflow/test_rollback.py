"""What a failed transition leaves behind: nothing, neither in the database nor in memory."""

import copy
import pickle
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from detent.workflow import AbortTransition, ConcurrentTransition, transitioned
from detent.workflow.log.models import TransitionLog
from tests.shop.models import AmendedContract, Contract, Letter, Order, Parcel, Seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("write_path")]

FAILING_STEPS = ["before with 1", "leave", "implementation", "enter", "after with 1"]


@pytest.mark.parametrize("step", FAILING_STEPS)
def test_an_exception_in_any_step_undoes_the_row_the_log_and_the_state_in_memory(step):
    letter = Letter.objects.create(text=f"fail in {step}")
    with pytest.raises(RuntimeError, match=step):
        letter.stamp()
    assert letter.state == "written"
    assert Letter.objects.get().state == "written"
    assert not TransitionLog.objects.exists()
    letter.text = "Dear"
    letter.stamp()
    assert Letter.objects.get().state == "stamped"


@pytest.mark.parametrize("step", FAILING_STEPS)
def test_a_new_object_whose_transition_fails_is_new_again(step):
    letter = Letter(text=f"fail in {step}")
    with pytest.raises(RuntimeError, match=step):
        letter.stamp()
    assert (letter.pk, letter._state.adding, letter._state.db, letter.state) == (None, True, None, "written")
    letter.text = "Dear"
    letter.stamp()
    assert Letter.objects.get().stamps >= 1


def test_an_object_whose_transition_failed_can_be_copied_and_pickled():
    letter = Letter.objects.create(text="fail in after with 1")
    with pytest.raises(RuntimeError):
        letter.stamp()
    assert copy.deepcopy(letter).state == pickle.loads(pickle.dumps(letter)).state == "written"


@pytest.mark.parametrize(
    ("model", "name", "values"),
    [(Letter, "stamp", {"text": "Dear"}), (Contract, "sign", {}), (Seat, "take", {"hall": "A", "number": 1})],
)
def test_an_object_that_a_failing_transition_deleted_has_its_key_again(model, name, values, monkeypatch):
    def delete_and_fail(instance):
        instance.delete()
        raise RuntimeError

    instance = model.objects.create(**values)
    key = instance.pk
    monkeypatch.setattr(getattr(model, name), "implementation", delete_and_fail)
    with pytest.raises(RuntimeError):
        getattr(instance, name)()
    assert instance == model.objects.get(pk=key)


def test_a_failing_receiver_of_the_signal_undoes_the_transition(make_order):
    def receiver(**_):
        raise AbortTransition("not now")

    order = make_order()
    transitioned.connect(receiver)
    try:
        with pytest.raises(AbortTransition, match="not now"):
            order.place()
    finally:
        transitioned.disconnect(receiver)
    assert (order.state, Order.objects.get().state, TransitionLog.objects.count()) == ("draft", "draft", 0)


def test_a_save_that_fails_after_writing_is_undone():
    contract = Contract.objects.create(title="lease")
    with pytest.raises(RuntimeError, match="refused"):
        contract.sign("refused")
    assert (contract.state, Contract.objects.get().state) == ("open", "open")


def test_a_new_object_with_rows_in_two_tables_is_new_again():
    contract = AmendedContract(title="lease", signer="refused")
    with pytest.raises(RuntimeError, match="refused"):
        contract.void()
    assert (contract.pk, contract.contract_ptr_id, contract.id, contract._state.adding) == (None, None, None, True)


def test_a_transition_nested_in_a_failing_one_is_undone_with_it(monkeypatch, make_order):
    def pay_and_fail(order):
        order.pay(amount=Decimal(40))
        raise RuntimeError

    order = make_order(state="placed")
    monkeypatch.setattr(Order.expire, "implementation", pay_and_fail)
    with pytest.raises(RuntimeError):
        order.expire()
    assert (order.state, Order.objects.get().state, TransitionLog.objects.count()) == ("placed", "placed", 0)
    order.pay(amount=Decimal(40))


def test_a_transition_undone_by_an_outer_rollback_shows_as_a_conflict_until_the_object_is_loaded_again(make_order):
    order = make_order()
    with transaction.atomic():
        order.place()
        transaction.set_rollback(True)
    with pytest.raises(ConcurrentTransition):
        order.expire()
    order.refresh_from_db()
    order.place()
    assert Order.objects.get().state == "placed"


def test_an_error_of_the_database_leaves_an_enclosing_transaction_usable(make_order):
    order = make_order()
    with transaction.atomic():
        order.customer = None
        with pytest.raises(IntegrityError):
            order.place()
        assert (order.state, Order.objects.get().state) == ("draft", "draft")


def test_an_after_commit_hook_runs_once_committed_and_not_after_a_rollback(
    make_order, told, django_capture_on_commit_callbacks
):
    order = make_order(state="paid")
    with django_capture_on_commit_callbacks(execute=True):
        order.ship()
        assert told == []
    assert told == [f"C7: your order {order.pk} is on its way"]
    other = make_order(state="paid")
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        other.ship()
        transaction.set_rollback(True)
    assert len(told) == 1


@pytest.mark.django_db(transaction=True)
def test_a_failing_after_commit_hook_neither_raises_nor_stops_the_next(caplog):
    letter = Letter.objects.create(text="Dear")
    letter.stamp(13)
    assert letter.steps[-2:] == ["commit in stamped", "commit with 13 in stamped"]
    assert "thirteen" in caplog.text
    assert Letter.objects.get().state == "stamped"


def test_a_state_that_was_deferred_is_deferred_again(monkeypatch):
    def queue_and_fail(parcel):
        parcel.queue_label()
        raise RuntimeError

    Parcel.objects.create(code="A1")
    parcel = Parcel.objects.defer("label").get()
    monkeypatch.setattr(Parcel.send, "implementation", queue_and_fail)
    with pytest.raises(RuntimeError):
        parcel.send()
    assert (parcel.state, parcel.label) == ("packed", "none")


@pytest.mark.django_db(transaction=True)
def test_a_commit_callback_of_someone_else_that_raises_does_not_put_back_what_is_committed(monkeypatch, make_order):
    def fail():
        raise RuntimeError("too late")

    order = make_order()
    monkeypatch.setattr(Order.place, "implementation", lambda _: transaction.on_commit(fail))
    with pytest.raises(RuntimeError, match="too late"):
        order.place()
    assert order.state == Order.objects.get().state == "placed"
    order.expire()
