"""Code written for xworkflows 1.1 goes on working under the names that it imports."""

import subprocess
import sys

import pytest

import xworkflows
import xworkflows.base
import xworkflows.utils
from detent import machine
from tests.unit.dropin.points.jobs import Job, JobWorkflow
from xworkflows import base


@pytest.mark.parametrize(
    "name",
    [
        "Workflow",
        "WorkflowEnabled",
        "transition",
        "before_transition",
        "after_transition",
        "transition_check",
        "on_enter_state",
        "on_leave_state",
        "AbortTransition",
        "ForbiddenTransition",
        "InvalidTransitionError",
        "WorkflowError",
        "base",
        "utils",
    ],
)
def test_the_package_has_every_name_that_code_in_the_field_imports(name: str) -> None:
    assert getattr(xworkflows, name)


@pytest.mark.parametrize(
    "name",
    [
        "State",
        "StateList",
        "Transition",
        "TransitionList",
        "HOOK_BEFORE",
        "HOOK_AFTER",
        "HOOK_CHECK",
        "HOOK_ON_ENTER",
        "HOOK_ON_LEAVE",
        "Hook",
        "ImplementationWrapper",
        "ImplementationProperty",
        "TransitionWrapper",
        "ImplementationList",
        "WorkflowMeta",
        "BaseWorkflow",
        "Workflow",
        "StateWrapper",
        "StateProperty",
        "StateField",
        "WorkflowEnabledMeta",
        "BaseWorkflowEnabled",
        "WorkflowEnabled",
        "noop",
        "transition",
        "before_transition",
        "after_transition",
        "transition_check",
        "on_enter_state",
        "on_leave_state",
        "AbortTransition",
        "ForbiddenTransition",
        "InvalidTransitionError",
        "WorkflowError",
    ],
)
def test_the_base_module_has_every_name_that_code_in_the_field_imports(name: str) -> None:
    assert getattr(base, name)
    assert name in base.__all__


def test_the_version_is_that_of_the_names() -> None:
    assert xworkflows.__version__.split(".")[0] == "1"


def test_importing_the_names_does_not_import_django() -> None:
    program = "import sys, xworkflows; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_there_is_one_engine_under_both_names() -> None:
    assert issubclass(xworkflows.Workflow, machine.Workflow)
    assert issubclass(xworkflows.WorkflowEnabled, machine.WorkflowEnabled)
    assert base.ImplementationWrapper is machine.ImplementationWrapper
    assert xworkflows.ForbiddenTransition is machine.ForbiddenTransition


def test_definitions_take_their_arguments_by_position() -> None:
    a, b = base.State("a", "A"), base.State("b", "B")
    go = base.Transition("go", [a], b)
    assert list(base.StateList([a, b])) == [a, b]
    assert list(base.TransitionList([go]).available_from(a)) == [go]
    assert base.StateWrapper(JobWorkflow.states.done, JobWorkflow()) == "done"
    assert base.StateField(JobWorkflow()).workflow.initial_state == JobWorkflow.initial_state


def test_a_state_wrapper_that_is_being_made_has_no_state_to_ask() -> None:
    class Hasty(base.StateWrapper):
        def __init__(self) -> None:
            self.name = self.title

    with pytest.raises(AttributeError, match="state"):
        Hasty()


def test_bound_transitions_show_what_they_run() -> None:
    assert repr(Job().start) == f"<ImplementationWrapper for 'start' on 'state': {base.noop!r}>"
    assert repr(Job.state).startswith("StateProperty(")
    assert repr(Job.state).endswith(", 'state')")


def test_bound_transitions_and_their_properties_are_made_by_position() -> None:
    job, workflow = Job(), Job.state.workflow
    start = JobWorkflow.transitions.start
    bound = base.ImplementationWrapper(job, "state", start, workflow, base.noop)
    assert bound.is_available()
    implementation = base.ImplementationProperty("state", start, workflow, base.noop)
    implementation.add_hook(base.Hook(base.HOOK_CHECK, lambda _: False))
    assert not implementation.__get__(job, Job).is_available()
    assert implementation.copy().__get__(job, Job).is_available()
    assert base.ImplementationList("state", workflow).implementations == {}


def test_hooks_are_those_of_xworkflows() -> None:
    hook = base.Hook(base.HOOK_BEFORE, lambda *args, **kwargs: (args, kwargs), "start", priority=2)
    assert (hook.kind, hook.names, hook.priority) == ("before", ("start",), 2)
    assert hook(1, two=2) == ((1,), {"two": 2})
    assert hook.applies_to(JobWorkflow.transitions.start)
    assert hook < base.Hook(base.HOOK_BEFORE, hook.function, "start")
    assert hook == base.Hook(base.HOOK_BEFORE, hook.function, "start", priority=2)


def test_a_hook_of_a_kind_that_there_is_not_is_refused() -> None:
    with pytest.raises(AssertionError, match=r"'during' is no kind of hook; the kinds are before, after, check"):
        base.Hook("during", base.noop)


def test_a_hook_can_be_declared_above_the_transition_as_well_as_below_it() -> None:
    class Above(Job):
        @xworkflows.before_transition("start")
        @xworkflows.transition()
        def start(self) -> None:
            self.trace.append(self.state.name)

    job = Above()
    job.start()
    assert job.trace == ["queued", "queued"]


def refuse(job: Job) -> bool:
    job.trace.append("check")
    return not job.trace[:-1]


def note_before(job: Job, *args: object, **kwargs: object) -> None:
    job.trace.append(("before", args, kwargs))


def test_the_wrapper_of_a_marked_method_takes_hooks_by_position() -> None:
    class Old(Job):
        begin = base.TransitionWrapper("start", "state", None, note_before)(lambda self: "begun")

    job = Old()
    assert job.begin() == "begun"
    assert job.trace == [("before", (), {})]
    assert repr(base.TransitionWrapper("start")) == "<TransitionWrapper for 'start': None>"


def test_the_metaclass_asks_its_methods_what_is_a_workflow_and_what_stands_in_its_place() -> None:
    found = []

    class Meta(base.WorkflowEnabledMeta):
        @classmethod
        def _find_workflows(cls, attrs: dict[str, object]) -> dict[str, base.StateField]:
            workflows = super()._find_workflows(attrs)
            found.extend(workflows.items())
            return workflows

        @classmethod
        def _add_workflow(cls, field_name: str, state_field: base.StateField, attrs: dict[str, object]) -> None:
            super()._add_workflow(field_name, state_field, attrs)
            attrs[f"{field_name}_names"] = [state.name for state in state_field.workflow.states]

    class Special(base.BaseWorkflowEnabled, metaclass=Meta):
        state = JobWorkflow()

    assert [(name, type(field)) for name, field in found] == [("state", base.StateField)]
    assert Special.state_names == ["queued", "running", "done"]
    special = Special()
    special.start()
    assert special.state == "running"


def test_a_workflow_is_made_by_its_metaclass() -> None:
    assert type(xworkflows.Workflow) is base.WorkflowMeta
    assert issubclass(xworkflows.Workflow, base.BaseWorkflow)
    assert type(Job) is base.WorkflowEnabledMeta


def test_a_transition_found_on_a_foreign_class_is_a_type_error() -> None:
    class Foreign:
        start = Job.start

    with pytest.raises(TypeError, match=r"Unable to apply transition 'start' to object .* not attached to a Workflow"):
        _ = Foreign().start


def test_the_attributes_of_a_class_are_listed_as_it_answers_them_without_those_that_cannot_be_read() -> None:
    class Hidden:
        def __get__(self, instance: object, owner: type) -> object:
            raise AttributeError

    class Base:
        inherited = 1

    class Derived(Base):
        own = 2
        hidden = Hidden()

        @classmethod
        def method(cls) -> str:
            return cls.__name__

    found = dict(xworkflows.utils.iterclass(Derived))
    assert (found["inherited"], found["own"], found["method"]()) == (1, 2, "Derived")
    assert "hidden" not in found
