"""How forms show a state, and what they may set."""

import pytest
from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from detent.workflow import StateField
from detent.workflow.forms import StateSelect
from tests.shop.models import LetterWorkflow, Order, OrderWorkflow


class OrderForm(forms.ModelForm):
    class Meta:
        model = Order
        fields = ("customer", "state")


@pytest.mark.parametrize("value", ["paid", OrderWorkflow.states.paid, Order(state="paid").state])
def test_the_select_marks_a_state_given_as_name_state_or_value(value):
    select = StateSelect(choices=[("draft", "Draft"), ("paid", "Paid")])
    assert '<option value="paid" selected>' in select.render("state", value)


def test_a_model_form_shows_the_state_and_cannot_set_it():
    order = Order(customer="C7", state="placed")
    form = OrderForm({"customer": "C8", "state": "shipped"}, instance=order)
    assert form.is_valid()
    assert (form.instance.customer, form.instance.state) == ("C8", "placed")
    assert "disabled" in str(form["state"])


def stray_order():
    order = Order(customer="C7", total=1, reference="r")
    order.__dict__["state"] = "gone"
    return order


def test_an_object_in_an_unknown_state_is_edited_and_keeps_it():
    form = OrderForm({"customer": "C8"}, instance=stray_order())
    assert form.is_valid(), form.errors
    assert (form.instance.customer, form.instance.state.name) == ("C8", "gone")
    assert (form.cleaned_data["state"].name, form.has_changed()) == ("gone", True)


def test_the_admin_edits_an_object_in_an_unknown_state():
    form_class = admin.ModelAdmin(Order, admin.AdminSite()).get_form(HttpRequest())
    form = form_class({"customer": "C8", "total": "1", "reference": "r", "state": "paid"}, instance=stray_order())
    assert form.is_valid(), form.errors
    assert (form.instance.customer, form.instance.state.name) == ("C8", "gone")


def test_an_unknown_state_is_shown_as_the_current_one():
    page = str(OrderForm(instance=stray_order())["state"])
    assert page.count("selected") == 1
    assert '<option value="gone" selected>gone</option>' in page


def test_a_form_that_may_set_a_state_does_not_set_an_unknown_one():
    class SettingForm(OrderForm):
        state = StateField(OrderWorkflow).formfield(disabled=False)

    assert SettingForm({"customer": "C8", "state": "paid"}, instance=stray_order()).is_valid()
    assert "state" in SettingForm({"customer": "C8", "state": "gone"}, instance=stray_order()).errors


def test_a_form_field_may_be_asked_to_set_any_state():
    field = StateField(OrderWorkflow).formfield(disabled=False)
    assert field.clean("shipped") == "shipped"
    with pytest.raises(ValidationError):
        field.clean("gone")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("draft", "The field “State” takes a state, not 'draft'; choose one of: draft, placed, "),
        (LetterWorkflow().state_value("sent"), "The field “State” takes no state of <.*LetterWorkflow"),
        (Order.state.state_value("gone"), "The field “State” no longer has the state “gone”; choose one of"),
    ],
)
def test_validation_says_what_is_wrong_with_a_value(value, message):
    with pytest.raises(ValidationError, match=message):
        StateField(Order.state).validate(value, None)
