"""Points 46 to 52 of the drop-in behaviour: the field, queries, values and forms."""

import pytest
from django import forms
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.serializers.base import DeserializationError
from django.db import connection
from django.template import Context, Template

from django_xworkflows.models import State, StateField, StateSelect
from tests.refunds.models import Refund, RefundWorkflow
from tests.shop.models import Booking, BookingWorkflow, PaymentWorkflow
from xworkflows import base

pytestmark = pytest.mark.django_db


class LongWorkflow(BookingWorkflow):
    states = (("waiting_for_the_next_morning", "Waiting"),)


@pytest.mark.parametrize("workflow", [BookingWorkflow, BookingWorkflow()])
def test_the_workflow_decides_on_the_options_whatever_is_passed(workflow):
    """Point 46: forces choices, `blank=False`, `null=False`, `default=initial name`."""
    field = StateField(workflow, choices=[("x", "X")], blank=True, null=True, default="done")
    assert field.choices == [("asked", "Asked"), ("confirmed", "Confirmed"), ("done", "Done")]
    assert (field.blank, field.null, field.default) == (False, False, "asked")


@pytest.mark.parametrize(
    ("workflow", "given", "expected"),
    [(BookingWorkflow, {}, 16), (BookingWorkflow, {"max_length": 40}, 40), (LongWorkflow, {"max_length": 20}, 28)],
)
def test_the_length_is_at_least_that_of_the_longest_name(workflow, given, expected):
    """Point 46: `max_length = max(given or 16, longest name)`."""
    assert StateField(workflow, **given).max_length == expected


def test_the_column_is_one_of_text():
    """Point 47: internal type CharField; description "State"."""
    field = Booking._meta.get_field("state")
    assert (field.get_internal_type(), str(field.description)) == ("CharField", "State")


@pytest.mark.parametrize(
    "value",
    ["done", BookingWorkflow.states.done, base.StateWrapper(BookingWorkflow.states.done, BookingWorkflow())],
)
def test_objects_are_found_by_name_state_and_wrapper(value):
    """Point 47: filter by name, State, wrapper, `__in`."""
    done, _ = Booking.objects.create(state="done"), Booking.objects.create()
    assert Booking.objects.get(state=value) == done
    assert Booking.objects.get(state__in=[value, "confirmed"]) == done
    assert Booking.objects.exclude(state=value).get().state == "asked"


@pytest.mark.parametrize("lookup", ["contains", "icontains", "startswith", "endswith", "regex"])
def test_pattern_lookups_take_any_text(lookup):
    """Point 47: no match, no error."""
    Booking.objects.create()
    assert not Booking.objects.filter(**{f"state__{lookup}": "nowhere"}).exists()
    assert Booking.objects.filter(state__contains="sk").exists()


@pytest.mark.parametrize("condition", [{"state": "nowhere"}, {"state__in": ["asked", "nowhere"]}])
def test_asking_for_an_unknown_state_is_a_validation_error(condition):
    """Point 47: an unknown value in exact/`__in` filters."""
    with pytest.raises(ValidationError):
        list(Booking.objects.filter(**condition))


def test_updating_to_an_unknown_state_is_a_validation_error():
    """Point 47: or `update()`."""
    Booking.objects.create()
    Booking.objects.update(state=BookingWorkflow.states.done)
    assert Booking.objects.get().state.is_done
    with pytest.raises(ValidationError):
        Booking.objects.update(state="nowhere")


def test_values_are_plain_text():
    """Point 47: `values_list` gives plain str."""
    Booking.objects.create()
    [value] = Booking.objects.values_list("state", flat=True)
    assert type(value) is str
    assert Booking.objects.values("state").get() == {"state": "asked"}


@pytest.mark.parametrize("rows", [Booking.objects.only("note"), Booking.objects.defer("state")])
def test_a_deferred_state_is_loaded_when_it_is_read(rows):
    """Point 48: `.only()/.defer()` give the real state on access."""
    Booking.objects.create(state="done")
    assert rows.get().state.is_done


def test_an_object_takes_the_state_of_its_row_when_refreshed():
    """Point 48: `refresh_from_db`."""
    booking = Booking.objects.create()
    Booking.objects.update(state="done")
    booking.refresh_from_db()
    assert booking.state.is_done


def test_serializers_write_the_name_and_check_it():
    """Point 48: dump name, load checks, bad gives DeserializationError."""
    Booking.objects.create(state="done")
    dumped = serializers.serialize("json", Booking.objects.all())
    assert '"state": "done"' in dumped
    Booking.objects.all().delete()
    [loaded] = serializers.deserialize("json", dumped)
    loaded.save()
    assert Booking.objects.get().state.is_done
    with pytest.raises(DeserializationError):
        list(serializers.deserialize("json", dumped.replace('"done"', '"nowhere"')))


def test_a_state_is_displayed_by_its_title_and_other_choices_as_django_does():
    """Point 49: `get_<field>_display()` = `str(title)`."""
    refund = Refund(state="granted", other="bbb")
    assert (refund.get_state_display(), refund.get_label_display(), refund.get_other_display()) == (
        "Granted",
        "No label",
        "BBB",
    )
    assert refund._get_FIELD_display(Refund._meta.get_field("state")) == "Granted"


def test_a_row_in_a_state_that_is_no_more_loads_as_an_unknown_state():
    """Point 50 without defect 6: in the original such a row could not be loaded."""
    booking = Booking.objects.create()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE shop_booking SET state = 'gone'")
    booking = Booking.objects.get()
    assert (str(booking.state), booking.state.known, list(booking.state.transitions())) == ("gone", False, [])
    assert not booking.confirm.is_available()


def test_what_is_no_state_of_the_workflow_is_not_valid():
    """Point 51: `validate()` messages."""
    field = Booking._meta.get_field("state")

    def message(value):
        with pytest.raises(ValidationError) as raised:
            field.validate(value, None)
        return raised.value.messages[0]

    other = base.StateWrapper(RefundWorkflow.states.asked, RefundWorkflow())
    stray = base.StateWrapper(State("nowhere", "Nowhere"), field.workflow)
    assert message("asked") == "Please enter a valid value (got 'asked')."
    assert message(other).startswith("Please enter a value from the right workflow (got ")
    assert message(stray) == "nowhere is not a valid state."
    with pytest.raises(ValidationError, match=r"Choose a valid state\."):
        field.to_python("nowhere")
    field.validate(field.to_python("asked"), None)


class BookingForm(forms.ModelForm):
    class Meta:
        model = Booking
        fields = ("state", "payment")


def test_a_form_shows_the_states_in_a_select():
    """Point 52: `formfield` = ChoiceField + `StateSelect`."""
    field = BookingForm().fields["state"]
    assert isinstance(field, forms.ChoiceField)
    assert isinstance(field.widget, StateSelect)
    html = BookingForm(instance=Booking(state="done")).as_p()
    assert '<option value="done" selected>Done</option>' in html


@pytest.mark.parametrize("value", ["settled", PaymentWorkflow.states.settled, Booking(payment="settled").payment])
def test_the_select_marks_a_state_however_it_is_given(value):
    """Point 52: renders the name from wrapper, State or str."""
    select = StateSelect(choices=[("due", "Due"), ("settled", "Settled")])
    assert '<option value="settled" selected>Settled</option>' in select.render("payment", value)


def test_a_form_may_set_any_state():
    """Point 52: and runs no transition."""
    form = BookingForm({"state": "done", "payment": "settled"}, instance=Booking.objects.create())
    assert form.is_valid()
    form.save()
    assert Booking.objects.values_list("state", "payment").get() == ("done", "settled")
    refused = BookingForm({"state": "nowhere", "payment": "settled"})
    assert list(refused.errors) == ["state"]


def render(fragment, **context):
    """Return a template's text."""
    return Template(fragment).render(Context(context))


def test_a_template_prints_the_name_of_a_state():
    """Point 15: template `{{ obj.state }}` prints the name, `.title` the title."""
    assert render("{{ booking.state }} {{ booking.state.title }}", booking=Booking()) == "asked Asked"
    assert render("{% if booking.state == 'asked' %}yes{% endif %}", booking=Booking()) == "yes"
    assert render("{{ booking.state.is_asked }} {{ booking.state.is_done }}", booking=Booking()) == "True False"


def test_a_template_may_ask_of_a_transition_and_never_runs_it():
    """Point 56: `alters_data`, `do_not_call_in_templates`; `{{ obj.t.is_available }}` works."""
    booking = Booking()
    assert (booking.finish.alters_data, booking.finish.do_not_call_in_templates) == (True, True)
    assert (
        render("{{ b.finish.is_available }} {{ b.reopen.is_available }}", b=Booking(state="confirmed")) == "True False"
    )
    assert render("{{ b.finish|safe }}", b=booking) == str(booking.finish)
    assert booking.state.is_asked
