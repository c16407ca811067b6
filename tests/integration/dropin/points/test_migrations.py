"""Points 53 to 55 of the drop-in behaviour: how migrations keep a state field, and inheritance."""

import pytest
from django.core.management import call_command
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.writer import MigrationWriter
from django.test.utils import isolate_apps

import django_xworkflows.models
import xworkflows
from django_xworkflows import models as xwf_models
from tests.refunds.models import Refund
from tests.shop.models import Booking, BookingWorkflow
from xworkflows import base

WRITTEN = (
    "django_xworkflows.models.StateField(max_length=16, workflow=django_xworkflows.models._SerializedWorkflow("
    "initial_state='asked', name='BookingWorkflow', states=['asked', 'confirmed', 'done']))"
)


def changes(before, after):
    """Return the migrations that Django would make from a model with one field to the same with another."""

    def project(field):
        named = ("id", models.AutoField(primary_key=True)), ("state", field)
        bases = (xwf_models.BaseWorkflowEnabled, models.Model)
        state = ProjectState()
        state.add_model(ModelState("trips", "Trip", list(named), bases=bases))
        return state

    return MigrationAutodetector(project(before), project(after))._detect_changes()


def workflow(**attributes):
    """Return a workflow class like that of bookings, with some attributes of its own."""
    like = {
        "states": [(state.name, state.title) for state in BookingWorkflow.states],
        "transitions": [("confirm", "asked", "confirmed")],
        "initial_state": "asked",
    }
    return type(BookingWorkflow)("BookingWorkflow", (xwf_models.Workflow,), {**like, **attributes})


def test_a_field_is_written_under_the_paths_of_the_original():
    """Point 53: with `_SerializedWorkflow(name=, initial_state=, states=[names])`, without choices and default."""
    text, imports = MigrationWriter.serialize(Booking._meta.get_field("state"))
    assert (text, imports) == (WRITTEN, {"import django_xworkflows.models"})


def test_an_old_migration_makes_a_field_that_is_written_the_same_again():
    """Point 53: a serialized field deconstructs again to the same name; title = name."""
    frozen = eval(WRITTEN, {"django_xworkflows": django_xworkflows})
    assert MigrationWriter.serialize(frozen)[0] == WRITTEN
    assert type(frozen.workflow).__name__ == "BookingWorkflow"
    assert frozen.choices == [("asked", "asked"), ("confirmed", "confirmed"), ("done", "done")]


def test_a_serialized_workflow_answers_as_the_workflow_does():
    """Point 53: `_SerializedWorkflow` is imported by old migrations, and by what reads them."""
    frozen = xwf_models._SerializedWorkflow(name="W", initial_state="b", states=["a", "b"])
    assert (frozen.initial_state.name, [state.name for state in frozen.states]) == ("b", ["a", "b"])
    assert (frozen._workflow_class.__name__, isinstance(frozen._workflow, xwf_models.Workflow)) == ("W", True)
    assert (frozen._name, frozen.log_model) == ("W", xwf_models.Workflow.log_model)


def test_a_model_is_written_with_the_mixin_among_its_bases():
    """Point 53: bases `django_xworkflows.models.BaseWorkflowEnabled`."""
    state = ModelState.from_model(Booking)
    assert state.bases == (xwf_models.BaseWorkflowEnabled, models.Model)
    project = ProjectState()
    project.add_model(state)
    historical = project.apps.get_model("shop.Booking")
    names = [state.name for state in historical._meta.get_field("state").workflow.states]
    assert names == [state.name for state in BookingWorkflow.states]
    assert historical().state == "asked"


def test_the_autodetector_sees_no_change_between_the_live_field_and_the_frozen_one():
    """Point 53: they deconstruct equal."""
    frozen = eval(WRITTEN, {"django_xworkflows": django_xworkflows})
    assert changes(frozen, xwf_models.StateField(BookingWorkflow)) == {}
    assert changes(xwf_models.StateField(BookingWorkflow()), frozen) == {}


@pytest.mark.django_db
def test_an_app_with_old_migrations_needs_no_new_one(capsys):
    """Point 53: its migrations, with `_SerializedWorkflow` frozen in them, were applied to make this test's tables."""
    call_command("makemigrations", "refunds", check=True, dry_run=True)
    assert capsys.readouterr().out == "No changes detected in app 'refunds'\n"
    assert Refund.objects.create().state.is_asked


@pytest.mark.parametrize(
    "attributes",
    [
        {"transitions": [("leap", "asked", "done")]},
        {"states": [("asked", "A"), ("confirmed", "C"), ("done", "D")]},
        {"log_model": ""},
    ],
)
def test_transitions_and_titles_are_not_frozen(attributes):
    """Point 54: changing them makes no migration."""
    assert changes(xwf_models.StateField(BookingWorkflow), xwf_models.StateField(workflow(**attributes))) == {}


@pytest.mark.parametrize(
    "attributes",
    [
        {"states": [("asked", "A"), ("confirmed", "C"), ("done", "D"), ("lost", "L")]},
        {"states": [("asked", "A"), ("done", "D"), ("confirmed", "C")]},
        {"initial_state": "done"},
    ],
)
def test_states_their_order_and_the_initial_one_are_frozen(attributes):
    """Point 54: changing the list, order or initial state makes a migration."""
    made = changes(xwf_models.StateField(BookingWorkflow), xwf_models.StateField(workflow(**attributes)))
    [migration] = made["trips"]
    assert [operation.name for operation in migration.operations] == ["state"]


def test_workflow_enabled_is_an_abstract_model():
    """Point 55: with its metaclass over ModelBase."""
    assert issubclass(xwf_models.WorkflowEnabled, models.Model)
    assert xwf_models.WorkflowEnabled._meta.abstract
    assert issubclass(xwf_models.WorkflowEnabledMeta, models.base.ModelBase)
    assert issubclass(xwf_models.WorkflowEnabledMeta, base.WorkflowEnabledMeta)
    assert type(Booking) is xwf_models.WorkflowEnabledMeta


@pytest.mark.django_db
@isolate_apps("tests.shop")
@pytest.mark.parametrize("is_abstract", [True, False], ids=["abstract", "multi-table"])
def test_a_model_inherits_field_initial_state_and_transitions(is_abstract):
    """Point 55: abstract and multi-table inheritance give the field and the initial state."""

    class Parent(xwf_models.WorkflowEnabled, models.Model):
        state = xwf_models.StateField(BookingWorkflow)

        class Meta:
            app_label = "shop"
            abstract = is_abstract

        def __str__(self):
            return "parent"

        @xworkflows.transition()
        def confirm(self, note):
            return note.upper()

    class Child(Parent):
        class Meta:
            app_label = "shop"

        def __str__(self):
            return "child"

    child = Child()
    assert child.state == BookingWorkflow.initial_state
    assert child.confirm("x", save=False, log=False) == "X"
    assert child.state.is_confirmed
    assert list(Child._workflows) == ["state"]
