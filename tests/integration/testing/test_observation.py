"""Noticing which edges objects take, of plain classes, of models and under the predecessors' names."""

import logging
from decimal import Decimal

import pytest

import django_xworkflows.models as legacy
import xworkflows
from detent.machine import ForbiddenTransition, Workflow, WorkflowEnabled, transition_check
from detent.machine.analysis import Edge
from detent.testing.observation import Observation
from tests.shop.models.order import Order, OrderWorkflow
from tests.unit.machine.jobs import JobWorkflow


@pytest.fixture(autouse=True)
def _python_logs_off():
    """Noticing does not depend on anyone listening to the Python log."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_the_edges_of_a_plain_object_are_noticed_inside_and_not_outside() -> None:
    class Job(WorkflowEnabled):
        state = JobWorkflow()

    with Observation() as observation:
        job = Job()
        job.start()
        job.complete()
    Job().start()
    assert observation.taken == {
        JobWorkflow: {Edge("start", "queued", "running"), Edge("complete", "running", "completed")}
    }


def test_workflows_declared_inside_are_noticed_too() -> None:
    with Observation() as observation:

        class Late(Workflow):
            states = (("a", "A"), ("b", "B"))
            transitions = (("go", "a", "b"),)
            initial_state = "a"

        class Thing(WorkflowEnabled):
            state = Late()

        Thing().go()
    assert observation.taken == {Late: {Edge("go", "a", "b")}}


def test_a_log_step_of_a_workflows_own_is_run_and_noticed_whether_or_not_it_calls_its_bases() -> None:
    told = []

    class Own(JobWorkflow):
        def log_transition(self, transition, from_state, instance, *args, **kwargs) -> None:
            told.append(transition.name)

    class Calling(JobWorkflow):
        def log_transition(self, transition, from_state, instance, *args, **kwargs) -> None:
            told.append(transition.name)
            super().log_transition(transition, from_state, instance, *args, **kwargs)

    class Ones(WorkflowEnabled):
        state = Own()

    class Others(WorkflowEnabled):
        state = Calling()

    with Observation() as observation:
        Ones().start()
        Others().start()
    assert told == ["start", "start"]
    assert set(observation.taken) == {Own, Calling}


def test_a_transition_that_fails_is_not_noticed() -> None:
    class Failing(JobWorkflow):
        def log_transition(self, transition, from_state, instance, *args, **kwargs) -> None:
            raise RuntimeError

    class Thing(WorkflowEnabled):
        state = Failing()

    with Observation() as observation, pytest.raises(RuntimeError):
        Thing().start()
    assert observation.taken == {}


def test_checks_that_refuse_are_counted() -> None:
    class Job(WorkflowEnabled):
        state = JobWorkflow()

        @transition_check("cancel")
        def may_be_cancelled(self) -> bool:
            return False

    with Observation() as observation:
        with pytest.raises(ForbiddenTransition):
            Job().cancel()
        Job().cancel.explain()
    assert observation.refused == {(JobWorkflow, "cancel", "may_be_cancelled"): 2}


def test_the_workflows_of_models_are_left_as_they_are() -> None:
    classes = (OrderWorkflow, legacy.Workflow)
    before = [dict(vars(cls)) for cls in classes]
    with Observation():
        assert [dict(vars(cls)) for cls in classes] == before


def test_afterwards_every_class_is_as_it_was() -> None:
    classes = (Workflow, JobWorkflow, OrderWorkflow, legacy.Workflow)
    before = [dict(vars(cls)) for cls in classes]
    with Observation(), Observation():
        assert vars(JobWorkflow) != before[1]
    assert [dict(vars(cls)) for cls in classes] == before


@pytest.mark.django_db
def test_the_edges_of_a_models_object_are_noticed() -> None:
    order = Order.objects.create(customer="C7", total=Decimal(40))
    with Observation() as observation:
        order.place()
        order.expire.options(log=False)()
    assert observation.taken == {
        OrderWorkflow: {Edge("place", "draft", "placed"), Edge("expire", "placed", "cancelled")}
    }


@pytest.mark.django_db
def test_what_a_signal_alone_announces_is_noticed() -> None:
    from detent.workflow.signals import Moved, transitioned

    with Observation() as observation:
        transitioned.send(
            sender=Order,
            workflow=Order._workflows["state"].workflow,
            transition=OrderWorkflow.transitions["cancel"],
            field="state",
            moves=[Moved(1, "draft", "cancelled"), Moved(2, "placed", "cancelled")],
            user=None,
            context={},
            using="default",
            key=None,
        )
    assert observation.taken == {
        OrderWorkflow: {Edge("cancel", "draft", "cancelled"), Edge("cancel", "placed", "cancelled")}
    }


def test_workflows_under_the_predecessors_names_are_noticed() -> None:
    class Old(xworkflows.Workflow):
        states = (("a", "A"), ("b", "B"))
        transitions = (("go", "a", "b"),)
        initial_state = "a"

    class Thing(xworkflows.WorkflowEnabled):
        state = Old()

    with Observation() as observation:
        Thing().go()
    assert observation.taken == {Old: {Edge("go", "a", "b")}}
