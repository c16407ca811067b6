"""Points 21 to 31, 43, 45 and 57 of the drop-in behaviour on models: what a call of a transition does."""

import logging

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models.signals import post_save

from django_xworkflows import models as xwf_models
from django_xworkflows.xworkflow_log.models import TransitionLog
from tests.refunds.models import DoubleVoucher, Refund, Voucher
from tests.shop.models import Booking, BookingWorkflow
from xworkflows.base import HOOK_CHECK, Hook

pytestmark = pytest.mark.django_db

STEPS = ["_pre_transition_checks", "_pre_transition", "_during_transition", "_post_transition"]


class Told(logging.Handler):
    """Calls a function when something is logged."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def emit(self, record):
        self.function(record)


@pytest.fixture
def steps():
    """Note what of a booking's transition is done, each with what the database has by then."""
    seen = []

    def note(step, **_):
        seen.append((step, Booking.objects.values_list("state", flat=True).get(), TransitionLog.objects.count()))

    def saved(sender, **_):
        note(sender.__name__)

    logger, handler = logging.getLogger("xworkflows.transitions"), Told(lambda _: note("logger"))
    logger.addHandler(handler)
    level = logger.level
    logger.setLevel(logging.INFO)
    for sender in (Booking, TransitionLog):
        post_save.connect(saved, sender=sender)
    yield seen
    logger.removeHandler(handler)
    logger.setLevel(level)
    for sender in (Booking, TransitionLog):
        post_save.disconnect(saved, sender=sender)


def test_the_log_is_told_first_then_the_row_is_saved_then_its_log_row(steps):
    """Point 21: `workflow.log_transition` (logger, save, DB log)."""
    booking = Booking.objects.create()
    steps.clear()
    booking.confirm("x")
    assert steps == [("logger", "asked", 0), ("Booking", "confirmed", 0), ("TransitionLog", "confirmed", 1)]


def test_an_implementation_that_assigns_the_state_changes_the_logged_source(monkeypatch):
    """Point 22: `from_state` is re-read after the implementation."""

    def implementation(self):
        self.state = "done"

    monkeypatch.setattr(Booking.confirm, "implementation", implementation)
    booking = Booking.objects.create()
    booking.confirm()
    assert (TransitionLog.objects.get().from_state, TransitionLog.objects.get().to_state) == ("done", "confirmed")
    assert Booking.objects.get().state == "confirmed"


def test_what_after_hooks_change_is_not_saved():
    """Point 23, defect 2: they run after save and log, as documented; on_enter hooks already see a pk."""
    refund = Refund()
    refund.grant()
    assert refund.note == f"granted as {Refund.objects.get().pk}"
    assert Refund.objects.get().note == ""


@pytest.mark.parametrize("options", [{}, {"save": False}])
def test_an_exception_in_an_after_hook_leaves_the_new_state_in_memory(options):
    """Point 25: what was written stays written, too."""
    booking = Booking.objects.create(state="confirmed")
    with pytest.raises(RuntimeError, match="after"):
        booking.finish(fail=True, **options)
    assert booking.state.is_done
    assert Booking.objects.get().state == ("confirmed" if options else "done")
    assert TransitionLog.objects.count() == 1


def test_an_exception_in_the_implementation_leaves_everything(monkeypatch):
    """Point 25: the state is unchanged."""

    def fail(self):
        raise RuntimeError

    monkeypatch.setattr(Booking.confirm, "implementation", fail)
    booking = Booking.objects.create()
    with pytest.raises(RuntimeError):
        booking.confirm()
    assert booking.state == Booking.objects.get().state == "asked"
    assert not TransitionLog.objects.exists()


def test_options_reach_the_hooks_and_of_the_implementation_only_what_it_names():
    """Point 28 without defect 4: `save=` and `log=` default True; each gets what it takes."""
    booking, user = Booking.objects.create(), User.objects.create_user("ann")
    # Takes none of them; in the original that was a TypeError.
    assert booking.confirm("x", save=False, log=True, user=user) == "X"
    assert (Booking.objects.get().state, TransitionLog.objects.get().user) == ("asked", user)
    # Generated; takes all.
    booking.finish(user=user, log=False)
    assert (booking.note, Booking.objects.get().state, TransitionLog.objects.count()) == ("log,user", "done", 1)


def test_an_implementation_gets_the_options_that_it_names(monkeypatch):
    """Point 28: as any other argument."""
    given = {}

    def implementation(self, note, user=None, save=True):
        given.update(user=user, save=save)

    monkeypatch.setattr(Booking.confirm, "implementation", implementation)
    user = User.objects.create_user("ann")
    Booking.objects.create().confirm("x", user=user, save=False, log=False)
    assert given == {"user": user, "save": False}
    assert not TransitionLog.objects.exists()


def test_hooks_see_options_that_the_implementation_does_not_take(monkeypatch):
    """Point 28: hooks and `log_transition` get what the call was given."""
    monkeypatch.setattr(Booking.finish, "implementation", lambda self: None)
    booking = Booking.objects.create(state="confirmed")
    booking.finish(save=False, log=False)
    assert booking.note == "log,save"


def test_options_are_taken_out_before_the_base_logger_and_the_database_log(monkeypatch):
    """Point 28: popped only in `Workflow.log_transition`, so the base logger and `db_log` do not see them."""
    seen = []

    def log_transition(self, transition, from_state, instance, *args, **kwargs):
        seen.append(("log_transition", args, kwargs))
        return xwf_models.Workflow.log_transition(self, transition, from_state, instance, *args, **kwargs)

    def db_log(self, transition, from_state, instance, *args, **kwargs):
        seen.append(("db_log", args, kwargs))

    monkeypatch.setattr(BookingWorkflow, "log_transition", log_transition, raising=False)
    monkeypatch.setattr(BookingWorkflow, "db_log", db_log, raising=False)
    Booking.objects.create().confirm("x", save=True, log=True, user=None)
    assert seen == [
        ("log_transition", ("x",), {"save": True, "log": True, "user": None}),
        ("db_log", ("x",), {"user": None}),
    ]


def test_options_may_be_chosen_as_in_detent():
    """Point 28: under the drop-in names both spellings work."""
    booking, user = Booking.objects.create(), User.objects.create_user("ann")
    booking.confirm.options(save=False, by=user)("x")
    assert (Booking.objects.get().state, TransitionLog.objects.get().user) == ("asked", user)


@pytest.mark.parametrize(("save", "log"), [(True, True), (True, False), (False, True), (False, False)])
def test_saving_and_logging_are_chosen_apart(save, log):
    """Point 29: `save=False` still logs; `log=False` still saves."""
    booking = Booking.objects.create()
    booking.confirm("x", save=save, log=log)
    assert booking.state.is_confirmed
    assert Booking.objects.get().state == ("confirmed" if save else "asked")
    assert TransitionLog.objects.exists() is log


def test_an_object_that_is_not_saved_cannot_be_logged():
    """Point 29: `ValueError`."""
    booking = Booking()
    with pytest.raises(ValueError, match="is not saved"):
        booking.confirm("x", save=False)
    assert booking.state.is_confirmed


def test_the_row_is_saved_by_save_with_every_field():
    """Point 30: `instance.save()` without update_fields."""
    refund = Refund.objects.create()
    refund.note = "changed"
    refund.refuse()
    assert refund.saved_with == ((), {})
    assert Refund.objects.values("state", "note").get() == {"state": "refused", "note": "changed"}


def test_every_field_is_written_where_save_is_not_overridden():
    """Point 30: every field is written."""
    booking = Booking.objects.create(state="confirmed")
    booking.note, booking.payment = "changed", "settled"
    booking.finish()
    expected = {"state": "done", "note": "", "payment": "settled"}
    assert Booking.objects.values("state", "note", "payment").get() == expected


def test_the_class_has_a_property_that_cannot_be_called():
    """Point 31: `Model.trans` is an ImplementationProperty."""
    with pytest.raises(TypeError, match="not callable"):
        Booking.confirm()
    assert Booking.confirm.__doc__ == Booking().confirm.__doc__ == "Take none of the legacy's options."


def test_an_override_that_calls_super_runs_both_transitions():
    """Point 43: the outer one sets the same target, saves and logs again."""
    voucher = DoubleVoucher.objects.create()
    voucher.use()
    moves = list(TransitionLog.objects.order_by("pk").values_list("from_state", "to_state"))
    assert moves == [("valid", "used"), ("used", "used")]
    assert DoubleVoucher.objects.get().uses == 2


@pytest.mark.parametrize("step", STEPS)
def test_overriding_one_of_the_four_steps_replaces_it(monkeypatch, step):
    """Point 45: overriding must keep working."""
    ran = []

    class Wrapper(xwf_models.TransactionalImplementationWrapper):
        pass

    setattr(Wrapper, step, lambda self, *args, **kwargs: ran.append(step))
    monkeypatch.setattr(Booking.payment, "implementation_class", Wrapper)
    booking = Booking.objects.create()
    booking.settle()
    assert ran == [step]
    expected = "due" if step == "_during_transition" else "settled"
    assert booking.payment == Booking.objects.get().payment == expected


@pytest.mark.django_db(transaction=True)
def test_a_transaction_is_opened_by_the_transactional_wrapper_only(monkeypatch):
    """Point 57: it is opt-in: checks, hooks, save, log in one `atomic`."""
    seen = []
    for implementation in (Booking.finish, Booking.settle):
        monkeypatch.setattr(implementation, "implementation", lambda *_: seen.append(connection.in_atomic_block))
    booking = Booking.objects.create(state="confirmed")
    booking.finish()
    booking.settle()
    assert seen == [False, True]


@pytest.mark.django_db(transaction=True)
def test_the_checks_are_asked_in_the_transaction_too(monkeypatch):
    """Point 57: checks, hooks, save, log in one `atomic`."""
    seen = []
    settle = Booking.settle.copy()
    settle.add_hook(Hook(HOOK_CHECK, lambda _: seen.append(connection.in_atomic_block) or True))
    monkeypatch.setattr(Booking, "settle", settle)
    Booking.objects.create().settle()
    assert seen == [True]


def test_a_transactional_transition_that_fails_leaves_nothing():
    """Point 57 without defect 3: what was saved and logged is taken back, and so is the state in memory."""
    booking = Booking.objects.create()
    with pytest.raises(RuntimeError, match="after"):
        booking.settle(fail=True)
    assert booking.payment == Booking.objects.get().payment == "due"
    assert not TransitionLog.objects.exists()


def test_a_new_object_is_inserted():
    """Point 29: by a transition that saves."""
    voucher = Voucher()
    voucher.use()
    assert (Voucher.objects.get().state, Voucher.objects.get().uses) == ("used", 1)
