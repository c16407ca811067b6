"""What the state field of a model stores, gives and refuses."""

import copy
import pickle

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.serializers.base import DeserializationError
from django.db import connection
from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce, NullIf
from django.template import Context, Template

from detent import machine
from detent.machine import MalformedDefinition, StateWrapper
from detent.workflow import StateField, Workflow
from tests.shop.models import LetterWorkflow, Order, OrderWorkflow, Parcel

pytestmark = pytest.mark.django_db


class PlainWorkflow(machine.Workflow):
    states = (("on", "On"),)
    initial_state = "on"


def put_in_unknown_state(order):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE shop_order SET state = 'gone' WHERE id = %s", [order.pk])


def test_an_object_stores_the_plain_name_and_reading_gives_one_same_value(make_order):
    order, other = make_order(), make_order()
    assert type(order.__dict__["state"]) is str
    assert isinstance(order.state, StateWrapper)
    assert order.state is other.state


def test_a_workflow_without_an_initial_state_is_refused_where_the_field_is_declared():
    class Endless(Workflow):
        states = (("on", "On"),)

    with pytest.raises(MalformedDefinition, match="Endless declares no initial_state") as no:
        StateField(Endless)
    assert (no.value.workflow, no.value.name) == ("Endless", "initial_state")


def test_the_class_gives_the_workflow():
    assert isinstance(Order.state, OrderWorkflow)


@pytest.mark.parametrize("workflow", ["shop.OrderWorkflow", Order, PlainWorkflow, PlainWorkflow()])
def test_what_is_no_workflow_of_models_is_refused_as_its_transitions_would_save_nothing(workflow):
    with pytest.raises(MalformedDefinition, match="transitions of others save nothing"):
        StateField(workflow)


def test_a_new_object_is_in_the_initial_state_also_if_it_is_given_none():
    assert Order().state == "draft"
    assert Order(state=None).state == "draft"
    order = Order(state="placed")
    order.state = None
    assert order.state == "draft"


def test_a_state_is_assigned_by_name_as_state_or_as_value_and_no_hook_runs(make_order):
    order = make_order()
    for state in ("placed", OrderWorkflow.states.placed, Order(state="placed").state):
        order.state = "draft"
        order.state = state
        assert order.state == "placed"
    order.save()
    assert not order.transition_logs.exists()


@pytest.mark.parametrize("state", ["gone", LetterWorkflow.states.sent, 7])
def test_what_is_no_state_of_the_workflow_cannot_be_assigned_constructed_or_asked_for(state):
    for use in (lambda: setattr(Order(), "state", state), lambda: Order(state=state), lambda: find(state)):
        with pytest.raises(ValidationError, match=r"The field “state” has no state .*; choose one of: draft, ") as no:
            use()
        assert repr(state) in no.value.message % no.value.params


def find(state):
    return Order.objects.filter(state=state).count()


def test_rows_are_found_by_name_state_and_value_and_values_are_plain_names(make_order):
    order = make_order()
    for state in ("draft", OrderWorkflow.states.draft, order.state):
        assert Order.objects.filter(state=state).get() == order
    assert Order.objects.filter(state__in=["draft", OrderWorkflow.states.paid]).count() == 1
    assert Order.objects.filter(state__startswith="nothing").count() == 0
    assert [type(name) for name in Order.objects.values_list("state", flat=True)] == [str]


def test_asking_for_none_finds_nothing_as_no_row_is_without_a_state(make_order):
    make_order()
    assert not Order.objects.filter(state=None).exists()
    assert Order.objects.exclude(state=None).exists()


def test_update_sets_a_state_and_refuses_what_is_none(make_order):
    make_order()
    Order.objects.update(state=OrderWorkflow.states.paid)
    assert Order.objects.get().state.is_paid
    with pytest.raises(ValidationError):
        Order.objects.update(state="gone")


def test_update_to_no_state_says_so_before_the_database_does(make_order):
    make_order()
    with pytest.raises(ValidationError, match="The field “state” cannot be without a state; choose one of: draft, "):
        Order.objects.update(state=None)


@pytest.mark.parametrize(
    "expression",
    [
        Case(When(customer="C7", then=Value("paid")), default=F("state")),
        Case(When(customer="C8", then=F("state")), default=Value("paid")),
        Coalesce(Value("paid"), "state"),
        Coalesce(NullIf("state", Value("draft")), Value("paid")),
        Value(OrderWorkflow.states.paid, output_field=StateField(OrderWorkflow)),
    ],
)
def test_a_state_is_mixed_with_text_in_expressions(make_order, expression):
    order = make_order()
    assert Order.objects.annotate(now=expression).values_list("now", flat=True).get() == "paid"
    assert Order.objects.alias(now=expression).filter(now="paid").get() == order
    Order.objects.update(state=expression)
    assert Order.objects.get().state.is_paid


def test_a_state_of_a_joined_or_repeated_table_is_found(make_order):
    make_order(state="paid")
    newest = Order.objects.filter(state=OuterRef("state")).order_by("-pk").values("state")[:1]
    assert Order.objects.annotate(now=Subquery(newest)).get(now=OrderWorkflow.states.paid).now == "paid"


def test_a_full_clean_names_the_field_the_unknown_state_and_those_that_there_are(make_order):
    put_in_unknown_state(make_order())
    with pytest.raises(ValidationError) as no:
        Order.objects.get().full_clean()
    [message] = no.value.message_dict["state"]
    assert message.startswith("The field “state” no longer has the state “gone”; choose one of: draft, placed, ")


def test_a_deferred_state_is_loaded_when_it_is_read(make_order):
    Order.objects.filter(pk=make_order().pk).update(state="placed")
    order = Order.objects.only("customer").get()
    assert "state" in order.get_deferred_fields()
    assert order.state == "placed"
    assert order.state.title == "Placed"


def test_an_object_in_a_state_that_was_removed_loads_saves_and_offers_no_transition(make_order):
    put_in_unknown_state(make_order())
    order = Order.objects.get()
    assert (order.state.known, order.state == "gone", list(order.state.transitions())) == (False, True, [])
    assert order.place.explain().code == "unknown_state"
    order.customer = "C8"
    order.save()
    order.refresh_from_db()
    assert order.state.name == "gone"
    order.state = "placed"
    order.expire()
    assert Order.objects.get().state == "cancelled"


def test_objects_are_dumped_by_state_name_and_a_bad_name_is_not_loaded(make_order):
    order = make_order()
    order.place()
    text = serializers.serialize("json", [order])
    [loaded] = serializers.deserialize("json", text)
    assert loaded.object.state == "placed"
    with pytest.raises(DeserializationError):
        list(serializers.deserialize("json", text.replace("placed", "gone")))


def test_an_object_with_a_state_is_copied_and_pickled(make_order):
    order = make_order()
    order.state = "paid"
    assert copy.copy(order).state == pickle.loads(pickle.dumps(order)).state == "paid"


def test_the_display_of_a_state_is_its_title(make_order):
    assert make_order(state="review").get_state_display() == "Under review"


def test_a_template_prints_the_name_and_never_runs_a_transition(make_order):
    order = make_order()
    template = Template("{{ o.state }}|{{ o.state.title }}|{{ o.place.is_available }}|{{ o.place }}")
    text = template.render(Context({"o": order}, autoescape=False))
    assert text.startswith("draft|Draft|True|")
    assert Order.objects.get().state == "draft"


def test_an_object_with_several_states_moves_each_by_itself():
    parcel = Parcel.objects.create(code="A1")
    parcel.send()
    parcel.queue_label()
    stored = Parcel.objects.get()
    assert (stored.state, stored.label) == ("sent", "queued")
    assert [log.state_field for log in parcel.transition_logs] == ["state"]
