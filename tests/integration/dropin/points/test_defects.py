"""Defects of the originals that the drop-in names do not have, beside those told with their points."""

import uuid

import pytest
from django import forms
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection

from detent.workflow import ConcurrentTransition
from detent.workflow.checks import check_model
from django_xworkflows.xworkflow_log.models import TransitionLog
from tests.refunds.models import Voucher
from tests.shop.models import Booking, BookingWorkflow, Parcel, PaymentWorkflow

pytestmark = pytest.mark.django_db


def test_what_was_not_written_is_not_what_memory_says():
    """Defect 3: a transition whose row cannot be saved leaves the object as it was, in no transaction too."""
    booking = Booking.objects.create()
    Booking.objects.update(state="done")
    with pytest.raises(ConcurrentTransition):
        booking.confirm("x")
    assert booking.state.is_asked


def test_a_hook_that_names_nothing_is_reported_once_the_workflows_are_strict(monkeypatch):
    """Defect 5: a system check reports it; under the drop-in names, as in point 37, it is not asked to."""
    assert list(check_model(Booking)) == []
    monkeypatch.setattr(BookingWorkflow, "strict", True)
    monkeypatch.setattr(PaymentWorkflow, "strict", True)
    [error] = [message for message in check_model(Booking) if message.id == "detent.E101"]
    assert "names 'no_such_transition'" in error.msg


def test_rows_in_states_that_are_no_more_are_counted(capsys):
    """Defect 6: an audit command counts such rows."""
    Booking.objects.create()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE shop_booking SET state = 'gone'")
    with pytest.raises(CommandError, match="Rows in states that no workflow knows: 1"):
        call_command("detent", "audit")
    assert capsys.readouterr().out == "shop.Booking.state: 1 in 'gone'\n"


def test_the_log_points_at_objects_with_keys_of_any_type():
    """Defect 7: whatever is no positive integer."""
    voucher = Voucher.objects.create(pk=uuid.UUID(int=17))
    voucher.use()
    row = TransitionLog.objects.get()
    assert (row.object_key, row.content_id, row.modified_object) == (str(voucher.pk), None, voucher)
    assert voucher.transition_logs.get() == row


def test_the_history_outlives_who_made_it():
    """Defect 8: SET_NULL by default."""
    user = User.objects.create_user("ann")
    Booking.objects.create().confirm("x", user=user)
    user.delete()
    assert TransitionLog.objects.get().user is None


def test_the_history_outlives_its_object():
    """Defect 8: as the original's did."""
    booking = Booking.objects.create()
    booking.confirm("x")
    booking.delete()
    assert TransitionLog.objects.get().modified_object is None


def test_the_log_says_which_state_field_moved():
    """Defect 9: it stores the field name."""
    booking = Booking.objects.create()
    booking.confirm("x")
    booking.settle()
    rows = TransitionLog.objects.values_list("transition", "state_field")
    assert set(rows) == {("confirm", "state"), ("settle", "payment")}


def test_of_two_stale_copies_one_moves():
    """Defect 10: exactly one succeeds, the other gets an error that says so."""
    Booking.objects.create()
    first, second = Booking.objects.get(), Booking.objects.get()
    first.confirm("first")
    with pytest.raises(ConcurrentTransition, match="someone else moved or deleted it"):
        second.confirm("second")
    assert (second.state, Booking.objects.get().note, TransitionLog.objects.count()) == ("asked", "first", 1)


def test_a_form_of_detents_own_field_sets_no_state():
    """Defect 11: while that of the drop-in's may set any, as in point 52."""

    class ParcelForm(forms.ModelForm):
        class Meta:
            model = Parcel
            fields = ("code", "state")

    form = ParcelForm({"code": "P-1", "state": "lost"}, instance=Parcel(code="P-1"))
    assert form.is_valid()
    assert form.save().state == "packed"
