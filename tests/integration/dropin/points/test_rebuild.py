"""The command `rebuild_transitionlog_states`, which fills in what old log rows lack."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from django_xworkflows.xworkflow_log.models import TransitionLog
from tests.shop.models import Booking, Parcel

pytestmark = pytest.mark.django_db

BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def booking() -> Booking:
    return Booking.objects.create()


@pytest.fixture
def log(booking: Booking) -> Callable[..., TransitionLog]:
    """Return a function that writes a row of the booking without its states, each an hour after the one before."""

    def write(transition: str, from_state: str = "", to_state: str = "") -> TransitionLog:
        row = TransitionLog.log_transition(transition, from_state, to_state, booking)
        row.timestamp = BEGINNING + timedelta(hours=TransitionLog.objects.count())
        row.save()
        return row

    return write


def run(*labels: str, verbosity: int = 1) -> tuple[str, str]:
    """Return what the command writes to standard output and to standard error."""
    out, err = StringIO(), StringIO()
    call_command("rebuild_transitionlog_states", *labels, stdout=out, stderr=err, verbosity=verbosity)
    return out.getvalue(), err.getvalue()


def states() -> list[tuple[str, str]]:
    return list(TransitionLog.objects.order_by("timestamp").values_list("from_state", "to_state"))


def test_empty_states_are_filled_in_by_the_order_of_time(log):
    """Point 65 without defect 12: per object by timestamp, from the initial state on; the original failed."""
    for transition in ("confirm", "finish", "reopen", "confirm"):
        log(transition)
    run("shop.Booking")
    assert states() == [("asked", "confirmed"), ("confirmed", "done"), ("done", "asked"), ("asked", "confirmed")]


def test_states_that_are_there_stay_and_lead_on(log):
    """Point 65: fills only empty from/to."""
    log("confirm", "somewhere", "elsewhere")
    log("finish")
    log("reopen", to_state="asked")
    run("shop.Booking")
    assert states() == [("somewhere", "elsewhere"), ("elsewhere", "done"), ("done", "asked")]


def test_each_object_begins_in_the_initial_state(log):
    """Point 65: per object."""
    log("confirm")
    TransitionLog.log_transition("confirm", "", "", Booking.objects.create())
    run("shop.Booking")
    assert states() == [("asked", "confirmed")] * 2


def test_an_unknown_transition_is_told_to_stderr_and_skipped(log, booking):
    """Point 65: unknown transition to stderr."""
    log("confirm")
    unknown = log("vanish")
    log("finish")
    _, err = run("shop.Booking")
    assert set(err.splitlines()) == {f"Unknown transition vanish in log {unknown.pk} for shop.Booking {booking.pk}"}
    assert states() == [("asked", "confirmed"), ("", ""), ("confirmed", "done")]


def test_rows_of_the_models_other_workflow_are_neither_unknown_nor_mixed_up(log):
    """Point 65: a transition is unknown if no workflow of the model that logs there has it."""
    log("confirm")
    log("settle")
    log("finish")
    _, err = run("shop.Booking")
    assert err == ""
    assert states() == [("asked", "confirmed"), ("due", "settled"), ("confirmed", "done")]


def test_a_row_that_names_its_state_field_is_of_that_field(log):
    """Point 65: by Detent's own rows, which say so."""
    row = log("confirm")
    TransitionLog.objects.filter(pk=row.pk).update(state_field="payment")
    run("shop.Booking")
    assert states() == [("", "")]


def test_with_verbosity_0_nothing_is_said(log):
    """Point 65: verbosity 0."""
    log("confirm")
    assert run("shop.Booking", verbosity=0) == ("", "")
    assert states() == [("asked", "confirmed")]


def test_with_verbosity_1_each_row_filled_in_is_a_dot_after_the_field(log):
    """Point 65: verbosity 1."""
    log("confirm")
    log("finish")
    out, _ = run("shop.Booking")
    assert out == (
        "Rebuilding TransitionLog states for shop.Booking\n"
        "<class 'tests.shop.models.booking.Booking'>.state: ..\n"
        "<class 'tests.shop.models.booking.Booking'>.payment: \n"
    )


def test_with_verbosity_2_the_dots_stand_after_each_objects_key(log, booking):
    """Point 65: verbosity 2."""
    log("confirm")
    out, _ = run("shop.Booking", verbosity=2)
    assert f".state: \n  {booking.pk}:.\n" in out


def test_several_models_can_be_named(log):
    """Point 65: `rebuild_transitionlog_states app.Model ...`."""
    log("confirm")
    out, _ = run("shop.Letter", "shop.Booking")
    assert "for shop.Letter\n" in out
    assert states() == [("asked", "confirmed")]


def test_objects_with_keys_of_any_type_are_rebuilt():
    """Point 65: and point 61, whose defect is gone."""
    parcel = Parcel.objects.create(code="P-1")
    TransitionLog.log_transition("send", "", "", parcel)
    with pytest.raises(CommandError, match=r"Field label of shop\.Parcel does not log to a model\."):
        run("shop.Parcel")
    assert states() == [("packed", "sent")]


def test_a_second_run_changes_nothing(log):
    """Point 65: only what is empty."""
    log("confirm")
    run("shop.Booking")
    out, _ = run("shop.Booking")
    assert out.splitlines()[1].endswith(".state: ")
    assert states() == [("asked", "confirmed")]


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (["auth.User"], r"Model auth\.User isn't attached to a workflow\."),
        (["shop.Nothing"], "'shop.Nothing' is no model"),
        (["nothing"], "'nothing' is no model"),
        ([], "Enter at least one app.Model"),
    ],
)
def test_what_cannot_be_rebuilt_is_an_error(labels, message):
    """Point 65: `CommandError` if no workflow or no log."""
    with pytest.raises(CommandError, match=message):
        run(*labels)
