"""Points 39 to 45 of the drop-in behaviour: what implements a transition."""

import re

import pytest

import xworkflows
from tests.unit.dropin.points.jobs import Job, JobWorkflow
from xworkflows import base

STEPS = {
    "_pre_transition_checks": ["before", "implementation", "after"],
    "_pre_transition": ["check", "implementation", "after"],
    "_during_transition": ["check", "before", "after"],
    "_post_transition": ["check", "before", "implementation"],
}


class Custom(Job):
    """Implements `start` under another name and `finish` under its own."""

    @xworkflows.transition("start")
    def begin(self):
        return "begun"

    @xworkflows.transition()
    def finish(self, result="finished"):
        return result


def test_a_transition_is_implemented_by_the_method_of_its_name():
    """Point 39: `@transition()` uses the function name."""
    job = Custom()
    job.state = "running"
    assert job.finish("well") == "well"
    assert job.state.is_done


def test_a_method_may_implement_a_transition_of_another_name():
    """Point 39: it is at its own name, the transition's name is then not generated."""

    class Renamed(xworkflows.WorkflowEnabled):
        state = JobWorkflow()

        @xworkflows.transition("start")
        def begin(self):
            return "begun"

    job = Renamed()
    assert job.begin() == "begun"
    assert job.state.is_running
    assert not hasattr(job, "start")


def test_a_field_tells_two_workflows_apart_that_know_one_name():
    """Point 39: `@transition('name', field='')`."""

    class Twice(Job):
        other = JobWorkflow()

        @xworkflows.transition("start", field="state")
        def begin(self):
            return "state"

        @xworkflows.transition("start", field="other")
        def begin_other(self):
            return "other"

        @xworkflows.transition("finish", field="other")
        def finish_other(self):
            return "other"

        @xworkflows.transition("redo", field="other")
        def redo_other(self):
            return "other"

    job = Twice()
    assert (job.begin_other(), job.state, job.other) == ("other", "queued", "running")
    assert (job.begin(), job.state) == ("state", "running")


def test_the_decorator_without_call_is_a_value_error():
    """Point 39: and says how to write it."""
    message = "The @transition decorator should be called as @transition(['transition_name'], **kwargs)"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        xworkflows.transition(lambda job: None)


@pytest.mark.parametrize("value", [42, lambda job: None, "text"])
def test_another_attribute_with_the_name_of_a_transition_is_a_value_error(value):
    """Point 40: undecorated."""
    with pytest.raises(ValueError, match=r"^Can't override transition implementation "):
        type(Job)("Wrong", (xworkflows.WorkflowEnabled,), {"state": JobWorkflow(), "start": value})


@pytest.mark.parametrize(("parent", "name"), [(Job, "start"), (Custom, "finish"), (Custom, "begin")])
def test_a_subclass_does_not_override_a_transition_with_a_plain_method(parent, name):
    """Point 40: same in subclasses, whatever the method's name."""
    with pytest.raises(ValueError, match=r"^Can't override transition implementation "):
        type(Job)("Wrong", (parent,), {name: lambda job: None})


def test_a_transition_takes_the_place_of_what_a_base_has():
    """Point 40: only what stands in the class itself is in the way."""

    class Base:
        start = 42

    class Enabled(Base, xworkflows.WorkflowEnabled):
        state = JobWorkflow()

    job = Enabled()
    job.start()
    assert job.state.is_running


def test_two_implementations_of_one_transition_are_a_value_error():
    """Point 41: in one class."""
    with pytest.raises(ValueError, match="start"):

        class Wrong(Job):
            @xworkflows.transition("start")
            def one(self): ...

            @xworkflows.transition("start")
            def two(self): ...


def test_a_second_implementation_in_a_subclass_is_a_value_error():
    """Point 41: under another name."""
    with pytest.raises(ValueError, match="begin"):

        class Wrong(Custom):
            @xworkflows.transition()
            def start(self): ...


def test_two_workflows_that_share_a_transitions_name_are_a_value_error():
    """Point 41: without rename."""
    with pytest.raises(ValueError, match="start"):

        class Wrong(Job):
            other = JobWorkflow()


def test_a_transition_without_implementation_does_nothing_and_takes_everything():
    """Point 42: a noop method of its name, returning None."""
    job = Job()
    assert job.start(1, "two", three=3) is None
    assert job.state.is_running


def test_a_subclass_inherits_implementations_with_hooks_of_its_own():
    """Point 43: custom implementations are copied, hooks rebuilt for the subclass."""

    class Child(Custom):
        @xworkflows.before_transition("start")
        def before(self):
            self.trace.append("before")

    child, parent = Child(), Custom()
    assert (child.begin(), parent.begin()) == ("begun", "begun")
    assert (child.trace, parent.trace) == (["before"], [])
    assert Child.begin is not Custom.begin


def test_an_override_is_decorated_too_and_super_runs_the_whole_transition():
    """Point 43: `super().x()` runs the parent's from the source state, hooks included; then the outer one goes on."""

    class LoggedWorkflow(JobWorkflow):
        def log_transition(self, transition, from_state, instance, *args, **kwargs):
            instance.trace.append(f"log from {from_state}")

    class Parent(Job):
        state = LoggedWorkflow()

        @xworkflows.transition()
        def start(self):
            self.trace.append(f"parent in {self.state}")

        @xworkflows.before_transition("start")
        def before(self):
            self.trace.append("before")

        @xworkflows.after_transition("start")
        def after(self, result):
            self.trace.append("after")

    class Child(Parent):
        @xworkflows.transition()
        def start(self):
            super().start()
            self.trace.append(f"child in {self.state}")

    job = Child()
    job.start()
    assert job.trace == [
        "before",
        "before",
        "parent in queued",
        "log from queued",
        "after",
        "child in running",
        "log from running",
        "after",
    ]
    assert job.state.is_running


def test_a_class_knows_its_workflows_and_what_implements_them():
    """Point 44: several state fields per class; `_workflows` and `_xworkflows_implems`."""

    class OtherWorkflow(xworkflows.Workflow):
        states = (("off", "Off"), ("on", "On"))
        transitions = (("switch", "off", "on"),)
        initial_state = "off"

    class Twice(Custom):
        other = OtherWorkflow()

    job = Twice()
    job.switch()
    job.begin()
    assert (job.other, job.state) == ("on", "running")
    assert {name: type(field.workflow) for name, field in Twice._workflows.items()} == {
        "state": JobWorkflow,
        "other": OtherWorkflow,
    }
    implementations = Twice._xworkflows_implems["state"]
    assert isinstance(implementations, base.ImplementationList)
    assert implementations.implementations["start"] is Twice.begin
    assert implementations.transitions_at == {"start": "begin", "finish": "finish", "redo": "redo"}


@pytest.mark.parametrize("step", STEPS)
def test_overriding_a_step_replaces_it(step):
    """Point 45: `implementation_class` is the extension point, with its four steps."""

    class Wrapper(base.ImplementationWrapper):
        pass

    def override(self, *args, **kwargs):
        self.instance.trace.append(step)

    setattr(Wrapper, step, override)

    class StepWorkflow(JobWorkflow):
        implementation_class = Wrapper

    class Stepped(Job):
        state = StepWorkflow()

        @xworkflows.transition()
        def start(self):
            self.trace.append("implementation")

        @xworkflows.transition_check()
        def check(self):
            self.trace.append("check")
            return True

        @xworkflows.before_transition()
        def before(self):
            self.trace.append("before")

        @xworkflows.after_transition()
        def after(self, result):
            self.trace.append("after")

    job = Stepped()
    job.start()
    assert [note for note in job.trace if note != step] == STEPS[step]
    assert job.trace.count(step) == 1


@pytest.mark.parametrize("step", STEPS)
def test_an_overridden_step_can_call_the_one_that_it_overrides(step):
    """Point 45: overriding must keep working."""

    class Wrapper(base.ImplementationWrapper):
        pass

    def override(self, *args, **kwargs):
        self.instance.trace.append(step)
        return getattr(super(Wrapper, self), step)(*args, **kwargs)

    setattr(Wrapper, step, override)

    class StepWorkflow(JobWorkflow):
        implementation_class = Wrapper

    class Stepped(Job):
        state = StepWorkflow()

        @xworkflows.transition()
        def start(self, worker):
            return worker.upper()

    job = Stepped()
    assert job.start("w1") == "W1"
    assert job.trace == [step]
    assert job.state.is_running
