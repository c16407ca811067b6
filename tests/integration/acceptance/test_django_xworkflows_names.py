"""Every name in the documentation of `django_xworkflows`, used as it says there."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.utils import timezone

import xworkflows
import xworkflows.base
from django_xworkflows.models import (
    BaseTransitionLog,
    StateField,
    TransactionalImplementationWrapper,
    Workflow,
    WorkflowEnabled,
    WorkflowEnabledMeta,
)
from django_xworkflows.xworkflow_log.models import TransitionLog
from tests.shop.models import Booking, BookingWorkflow, PaymentWorkflow

pytestmark = pytest.mark.django_db


def state_field() -> Any:
    """Return a state field as its model has it."""
    return Booking._meta.get_field("state")


class TestStateField:
    """django_xworkflows.models.StateField."""

    def test_it_is_a_char_field_that_holds_the_name_of_the_state(self) -> None:
        """In the database there is a name."""
        booking = Booking.objects.create()

        assert isinstance(state_field(), models.Field)
        assert state_field().get_internal_type() == "CharField"
        assert Booking.objects.values_list("state", flat=True).get(pk=booking.pk) == "asked"

    def test_reading_it_gives_a_state_wrapper(self) -> None:
        """Of xworkflows.base."""
        assert isinstance(Booking().state, xworkflows.base.StateWrapper)

    def test_writing_it_takes_a_state_or_the_name_of_one_and_nothing_else(self) -> None:
        """Anything else is refused."""
        booking = Booking()
        booking.state = "confirmed"
        booking.state = BookingWorkflow.states.asked

        with pytest.raises(ValidationError):
            booking.state = "nowhere"
        assert booking.state.is_asked

    def test_workflow_is_the_workflow_to_which_it_relates(self) -> None:
        """Mandatory: there is no state field without one."""
        assert isinstance(state_field().workflow, BookingWorkflow)
        with pytest.raises(TypeError):
            StateField()

    def test_choices_are_names_and_titles(self) -> None:
        """For use in forms."""
        expected = [(state.name, state.title) for state in BookingWorkflow.states]
        assert list(state_field().choices) == expected

    def test_default_is_the_name_of_the_initial_state(self) -> None:
        """A new object is in it."""
        assert state_field().default == "asked"

    def test_max_length_holds_the_longest_name(self) -> None:
        """At least."""
        assert state_field().max_length >= max(len(state.name) for state in BookingWorkflow.states)

    def test_it_is_neither_blank_nor_null(self) -> None:
        """Otherwise the workflow would have no meaning."""
        assert (state_field().blank, state_field().null) == (False, False)

    def test_south_field_triple_unfreezes_to_a_workflow_with_the_states_of_freezing_time(self) -> None:
        """The same states and the same initial state."""
        path, arguments, keywords = state_field().south_field_triple()
        workflow = eval(keywords["workflow"])  # what South did with the text

        assert (path, arguments) == ("django_xworkflows.models.StateField", [])
        unfrozen = StateField(workflow)
        assert [name for name, _ in unfrozen.choices] == [state.name for state in BookingWorkflow.states]
        assert unfrozen.default == "asked"


class TestWorkflowEnabled:
    """django_xworkflows.models.WorkflowEnabled and its metaclass."""

    def test_it_is_a_model_whose_state_fields_enable_transitions(self) -> None:
        """Each `attr = StateField(SomeWorkflow)` does."""
        assert issubclass(Booking, WorkflowEnabled)
        assert issubclass(WorkflowEnabled, models.Model)
        assert set(Booking._workflows) == {"state", "payment"}
        assert Booking().confirm.is_available()

    def test_get_field_display_gives_the_title_of_a_state(self) -> None:
        """Also as Django's own get_state_display."""
        booking = Booking()

        assert booking._get_FIELD_display(state_field()) == str(booking.state.title)
        assert booking.get_state_display() == str(booking.state.title)

    def test_the_metaclass_is_xworkflows(self) -> None:
        """WorkflowEnabledMeta extends the one of xworkflows.base."""
        assert isinstance(Booking, WorkflowEnabledMeta)
        assert issubclass(WorkflowEnabledMeta, xworkflows.base.WorkflowEnabledMeta)

    def test_find_workflows_collects_the_state_fields_of_the_attributes(self) -> None:
        """Not the workflows, as the base version does."""
        field = StateField(BookingWorkflow)

        found = WorkflowEnabledMeta._find_workflows({"state": field, "other": BookingWorkflow(), "number": 7})

        assert found == {"state": field}

    def test_add_workflow_keeps_the_state_field(self) -> None:
        """The base version adds a StateProperty instead."""
        field, attrs = StateField(BookingWorkflow), {}

        WorkflowEnabledMeta._add_workflow("state", field, attrs)

        assert attrs["state"] is field


class TestTransactionalImplementationWrapper:
    """django_xworkflows.models.TransactionalImplementationWrapper."""

    def test_it_is_enabled_as_the_implementation_class_of_a_workflow(self) -> None:
        """Of xworkflows' own wrapper it is a subclass."""
        assert PaymentWorkflow.implementation_class is TransactionalImplementationWrapper
        assert issubclass(TransactionalImplementationWrapper, xworkflows.base.ImplementationWrapper)
        assert isinstance(Booking().settle, TransactionalImplementationWrapper)

    def test_it_runs_all_of_a_transition_in_a_single_transaction(self) -> None:
        """A failing after-hook takes back what was saved and logged."""
        booking = Booking.objects.create()
        with pytest.raises(RuntimeError):
            booking.settle(fail=True)

        assert Booking.objects.get().payment == "due"
        assert not TransitionLog.objects.exists()


class TestWorkflow:
    """django_xworkflows.models.Workflow."""

    def test_it_is_a_workflow_of_xworkflows(self) -> None:
        """With customizations."""
        assert issubclass(Workflow, xworkflows.Workflow)

    def test_log_model_names_the_default_log_if_its_app_is_installed(self) -> None:
        """Including the app enables logging."""
        assert BookingWorkflow.log_model == "xworkflow_log.TransitionLog"

    def test_an_empty_log_model_logs_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """No database logging is performed."""

        class Silent(Workflow):
            states = (("a", "A"), ("b", "B"))
            transitions = (("go", "a", "b"),)
            initial_state = "a"
            log_model = ""

        booking = Booking.objects.create()
        workflow = Silent()
        workflow.db_log(Silent.transitions.go, workflow.state_value("a"), booking)

        assert not TransitionLog.objects.exists()

    def test_db_log_writes_transition_state_object_user_and_time(self) -> None:
        """One row."""
        booking, user = Booking.objects.create(), User.objects.create_user("ann")
        workflow, before = state_field().workflow, timezone.now()

        workflow.db_log(BookingWorkflow.transitions.confirm, booking.state, booking, user=user)

        log = TransitionLog.objects.get()
        assert (log.transition, log.from_state, log.user) == ("confirm", "asked", user)
        assert log.modified_object == booking
        assert before <= log.timestamp <= timezone.now()

    @pytest.mark.parametrize(("save", "log"), [(True, True), (True, False), (False, True), (False, False)])
    def test_log_transition_saves_and_logs_as_it_is_told(self, *, save: bool, log: bool) -> None:
        """`save` and `log` are True unless they are given."""
        booking = Booking.objects.create()
        workflow, from_state = state_field().workflow, booking.state
        booking.state = "confirmed"

        workflow.log_transition(BookingWorkflow.transitions.confirm, from_state, booking, save=save, log=log)

        assert Booking.objects.get().state == ("confirmed" if save else "asked")
        assert TransitionLog.objects.exists() is log


class TestTransitionLogs:
    """django_xworkflows.models.BaseTransitionLog and django_xworkflows.xworkflow_log.models.TransitionLog."""

    def test_a_log_row_has_the_fields_that_the_base_describes(self) -> None:
        """modified_object, transition, from_state, to_state and timestamp."""
        booking = Booking.objects.create()
        booking.confirm("x")

        log = TransitionLog.objects.get()
        assert isinstance(log, BaseTransitionLog)
        assert (log.transition, log.from_state, log.to_state) == ("confirm", "asked", "confirmed")
        assert log.modified_object == booking
        assert log.content_type == ContentType.objects.get_for_model(Booking)
        assert log.timestamp <= timezone.now()

    def test_it_stores_the_user_if_one_is_given(self) -> None:
        """And none otherwise."""
        user = User.objects.create_user("ann")
        Booking.objects.create().confirm("x", user=user)
        assert TransitionLog.objects.get().user == user

    def test_the_user_is_of_the_model_that_the_setting_names(self) -> None:
        """XWORKFLOWS_USER_MODEL, or else AUTH_USER_MODEL: `auth.User` here."""
        assert TransitionLog._meta.get_field("user").related_model is User

    def test_its_table_is_the_originals(self) -> None:
        """Existing rows go on being read."""
        assert "xworkflow_log_transitionlog" in connection.introspection.table_names()
