"""Moving many objects at once, where something needs the objects."""

import pytest
from django.db.models.signals import post_save, pre_save

from detent.workflow import Moved, WorkflowQuerySet
from detent.workflow.log.models import TransitionLog
from tests.shop.models import Booking, Claim, Letter, Order, Reminder, ReminderLog, Seat

pytestmark = pytest.mark.django_db


def letters(*texts, state="written"):
    return [Letter.objects.create(text=text, state=state) for text in texts]


def all_letters():
    return WorkflowQuerySet(Letter)


@pytest.mark.parametrize("signal", [pre_save, post_save])
@pytest.mark.parametrize("sender", [Order, TransitionLog, None])
def test_a_receiver_of_a_save_signal_gets_each_object(make_order, signal, sender):
    make_order(state="placed"), make_order(state="placed")
    saved = []

    def receiver(instance, **_):
        saved.append(type(instance))

    signal.connect(receiver, sender=sender)
    try:
        assert Order.objects.transition("expire").moved == 2
    finally:
        signal.disconnect(receiver, sender=sender)
    assert saved.count(sender or Order) == 2


def test_what_needs_the_objects_is_said(make_order):
    letters("hello"), make_order(state="paid"), make_order(state="placed"), Reminder.objects.create()
    assert all_letters().transition("stamp").one_by_one == "the method stamp"
    assert Order.objects.transition("ship").one_by_one == "the after_commit hook tell_the_customer"
    assert Order.objects.transition("pay", arguments={"amount": 99}).one_by_one == "the method pay"
    assert Reminder.objects.transition("pay").one_by_one == "how shop.ReminderLog writes its rows"


def test_hooks_run_for_each_object(make_order, told, django_capture_on_commit_callbacks):
    make_order(state="paid"), make_order(state="paid"), make_order()
    with django_capture_on_commit_callbacks(execute=True):
        result = Order.objects.transition("ship")
    assert (result.moved, result.refused) == (2, {"wrong_state": 1})
    assert len(told) == 2


def test_a_refusal_does_not_stop_the_others(make_order):
    little, enough = make_order(state="placed", total=90), make_order(state="placed", total=10)
    result = Order.objects.transition("pay", arguments={"amount": 50, "reference": "r"})
    assert (result.moved, result.refused) == (1, {"check": 1})
    assert result.refused.first_keys == {"check": (little.pk,)}
    assert Order.objects.get(pk=enough.pk).reference == "r"
    assert TransitionLog.objects.count() == 1


def test_what_a_hook_wrote_before_it_refused_is_undone():
    Reminder.objects.create(text="go"), Reminder.objects.create(text="keep")
    result = Reminder.objects.transition("write_off")
    assert (result.moved, result.refused) == (1, {"check": 1})
    assert [claim.text for claim in Claim.objects.all()] == ["go"]


def test_an_exception_that_is_no_refusal_undoes_the_whole(announced):
    letters("hello", "fail in enter")
    with pytest.raises(RuntimeError, match="enter"):
        all_letters().transition("stamp")
    assert set(Letter.objects.values_list("state", flat=True)) == {"written"}
    assert not TransitionLog.objects.exists()
    assert not announced


def test_someone_who_moves_an_object_meanwhile_is_found_out():
    _, second = letters("hello", "hello")

    class Busy(WorkflowQuerySet):
        def _fetch_all(self):
            loads = self._result_cache is None
            super()._fetch_all()
            if loads and self._fields is None:
                Letter.objects.filter(pk=second.pk).update(state="sent")

    result = Busy(Letter).transition("stamp")
    assert (result.moved, result.refused) == (1, {"concurrent": 1})
    assert result.refused.first_keys == {"concurrent": (second.pk,)}


def test_objects_whose_key_is_of_several_columns_are_moved():
    for number in (1, 2, 3):
        Seat.objects.create(hall="A", number=number, state="taken" if number == 3 else "free")
    result = WorkflowQuerySet(Seat).transition("take")
    assert (result.moved, result.refused) == (2, {"wrong_state": 1})
    assert result.refused.first_keys == {"wrong_state": (("A", 3),)}
    assert TransitionLog.objects.count() == 2


def test_objects_of_the_drop_in_names_are_moved():
    for state in ("confirmed", "asked", "confirmed"):
        Booking.objects.create(state=state)
    bookings = WorkflowQuerySet(Booking)
    with pytest.raises(RuntimeError, match="after"):
        bookings.transition("finish", arguments={"fail": True})
    assert not Booking.objects.filter(state="done").exists()
    result = bookings.transition("finish")
    assert (result.moved, result.refused) == (2, {"wrong_state": 1})
    assert TransitionLog.objects.count() == 2


def test_what_a_hook_moves_is_announced_by_itself(announced):
    Reminder.objects.create(text="go"), Reminder.objects.create(text="settle")
    Reminder.objects.transition("write_off")
    assert [(sent["sender"], len(sent["moves"])) for sent in announced] == [(Claim, 1), (Reminder, 2)]


def test_only_the_latest_transition_is_logged_where_the_log_says_so():
    Reminder.objects.create(), Reminder.objects.create()
    Reminder.objects.transition("write_off"), Reminder.objects.transition("find")
    assert list(ReminderLog.objects.values_list("transition", flat=True)) == ["find", "find"]


def test_objects_moved_one_by_one_are_announced_at_once(announced):
    first, second, _ = letters("hello", "hello", "")
    all_letters().transition("stamp")
    (sent,) = announced
    assert list(sent["moves"]) == [Moved(letter.pk, "written", "stamped") for letter in (first, second)]
