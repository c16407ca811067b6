"""Asking for objects by state."""

import pytest
from django.core.exceptions import ValidationError

from detent.workflow import UnknownStateField, WorkflowQuerySet
from tests.shop.models import Order, OrderWorkflow, Parcel

pytestmark = pytest.mark.django_db


def test_objects_in_one_of_several_states_are_found(make_order):
    draft, paid, _ = make_order(), make_order(state="paid"), make_order(state="shipped")
    found = Order.objects.filter(customer="C7").in_state("draft", OrderWorkflow.states.paid)
    assert set(found) == {draft, paid}
    assert Order.objects.in_state("draft").get() == draft


def test_a_state_that_the_workflow_lacks_is_refused():
    with pytest.raises(ValidationError):
        Order.objects.in_state("gone")


def test_of_several_state_fields_one_has_to_be_named():
    parcel = Parcel.objects.create(code="A1")
    assert Parcel.objects.in_state("none", field="label").get() == parcel
    with pytest.raises(
        UnknownStateField, match=r"shop.Parcel has 2 state fields \(state, label\); name one"
    ) as refused:
        Parcel.objects.in_state("packed")
    assert refused.value.fields == ("state", "label")


def test_a_state_field_that_the_model_lacks_is_named_with_those_that_it_has():
    with pytest.raises(UnknownStateField, match=r"shop.Order has no state field 'status'; it has state\.") as refused:
        Order.objects.in_state("draft", field="status")
    assert refused.value.name == "status"
    with pytest.raises(UnknownStateField, match="no state field 'status'"):
        Order.objects.time_in_state("draft", field="status")


def test_of_a_model_without_a_state_field_it_is_said_what_is_missing(make_user):
    with pytest.raises(UnknownStateField, match=r"has no state field; give it a StateField and the mixin"):
        WorkflowQuerySet(type(make_user("x"))).in_state("draft")
