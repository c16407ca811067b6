"""The names of django_xworkflows, beside the points of its behaviour: all are there, and cost what Detent's do."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from detent.workflow import StateField
from django_xworkflows import models as xwf_models
from tests.shop.models import Booking, BookingWorkflow


def test_every_name_of_the_original_is_there():
    names = """State AbortTransition ForbiddenTransition InvalidTransitionError WorkflowError transition StateSelect
    StateFieldProperty StateField WorkflowEnabledMeta BaseWorkflowEnabled WorkflowEnabled get_default_log_model
    DjangoImplementationWrapper TransactionalImplementationWrapper _SerializedWorkflow Workflow BaseTransitionLog
    GenericTransitionLog BaseLastTransitionLog GenericLastTransitionLog"""
    assert [name for name in names.split() if not hasattr(xwf_models, name)] == []


def test_south_freezes_a_field_with_the_states_of_today():
    path, args, kwargs = Booking._meta.get_field("state").south_field_triple()
    assert path == "django_xworkflows.models.StateField"
    field = xwf_models.StateField(*map(eval, args), **{name: eval(value) for name, value in kwargs.items()})
    assert (field.max_length, field.workflow.initial_state.name, len(field.workflow.states)) == (16, "asked", 3)


def test_the_metaclass_finds_state_fields_of_both_names_and_leaves_them_in_place():
    field, attributes = xwf_models.StateField(BookingWorkflow), {"other": 1}
    meta = xwf_models.WorkflowEnabledMeta
    found = meta._find_workflows({"state": field, "native": StateField(BookingWorkflow), "other": 1})
    assert found.keys() == {"state", "native"}
    meta._add_workflow("state", field, attributes)
    assert attributes == {"other": 1, "state": field}


@pytest.mark.django_db
def test_a_legacy_transition_takes_two_statements_at_most_besides_its_transaction(monkeypatch):
    monkeypatch.setattr("detent.workflow.signals.transitioned.receivers", [])
    Booking.objects.create().settle()
    booking = Booking.objects.create()
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        booking.settle()
    statements = [query["sql"].split()[0] for query in queries]
    expected = ["WITH"] if connection.vendor == "postgresql" else ["UPDATE", "INSERT"]
    assert [word for word in statements if word not in {"SAVEPOINT", "RELEASE"}] == expected
