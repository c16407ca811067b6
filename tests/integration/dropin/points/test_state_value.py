"""Points 12, 15, 18, 19 and 20 of the drop-in behaviour on models: what reading and assigning a state does."""

import pytest
from django.core.exceptions import ValidationError

from tests.shop.models import Booking, BookingWorkflow, PaymentWorkflow
from xworkflows import base


def test_reading_gives_a_state_wrapper_and_the_class_its_workflow():
    """Point 12: class access gives the Workflow instance."""
    assert isinstance(Booking().state, base.StateWrapper)
    assert isinstance(Booking.state, BookingWorkflow)


@pytest.mark.parametrize(
    "value",
    ["done", BookingWorkflow.states.done, base.StateWrapper(BookingWorkflow.states.done, BookingWorkflow())],
)
def test_a_state_is_assigned_and_given_to_the_constructor_as_name_state_or_wrapper(value):
    """Point 18: assignment accepts each."""
    booking = Booking()
    booking.state = value
    assert booking.state == Booking(state=value).state == "done"


@pytest.mark.parametrize("value", ["nowhere", "", 17, PaymentWorkflow.states.settled])
def test_what_is_no_state_cannot_be_assigned(value):
    """Point 18: `ValidationError("Choose a valid state.")`."""
    booking = Booking()
    with pytest.raises(ValidationError) as raised:
        booking.state = value
    assert raised.value.messages == ["Choose a valid state."]
    assert booking.state.is_asked


def test_none_is_the_initial_state():
    """Point 19: assigning or constructing with `None`."""
    assert Booking(state=None).state == "asked"
    booking = Booking(state="done")
    booking.state = None
    assert booking.state.is_asked


def test_a_state_of_another_workflow_is_refused_though_it_has_the_name():
    """Point 20: a same-named State."""
    with pytest.raises(ValidationError):
        Booking(state=base.State("done", "Done"))


@pytest.mark.django_db
def test_assigning_a_state_runs_and_logs_nothing():
    """Point 20: direct assignment of a valid state is allowed and runs no hook."""
    booking = Booking.objects.create(state="confirmed")
    booking.state = "done"
    booking.save()
    assert (booking.note, Booking.objects.get().state) == ("", "done")
    assert not booking.transition_logs.exists()
