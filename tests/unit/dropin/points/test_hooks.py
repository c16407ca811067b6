"""Points 32 to 38 of the drop-in behaviour: hooks."""

import pytest

import xworkflows
from tests.unit.dropin.points.jobs import Job, JobWorkflow
from xworkflows import base

DECORATORS = {
    "before": xworkflows.before_transition,
    "after": xworkflows.after_transition,
    "check": xworkflows.transition_check,
    "on_enter": xworkflows.on_enter_state,
    "on_leave": xworkflows.on_leave_state,
}


def noting(name, answer=True):
    """Return a hook of that name which notes that it ran."""

    def hook(self, *args, **kwargs):
        self.trace.append(name)
        return answer

    hook.__name__ = name
    return hook


def job_with(**attributes):
    """Return a job of a class with these attributes."""
    return type(Job)("Special", (Job,), attributes)()


@pytest.mark.parametrize(("kind", "decorator"), DECORATORS.items())
def test_each_decorator_declares_hooks_of_its_kind(kind, decorator):
    """Point 32: with names, `priority=0` and `field=''`."""
    declaration = decorator("a", "b", priority=3, field="state")
    assert (declaration.names, declaration.priority, declaration.field) == (("a", "b"), 3, "state")
    assert (decorator().names, decorator().priority, decorator().field) == (("*",), 0, "")
    function = declaration(noting("hook"))
    [(field, hook)] = function.xworkflows_hook[kind]
    assert (field, hook) == ("state", base.Hook(kind, function, "a", "b", priority=3))


@pytest.mark.parametrize("names", [(), ("*",)])
@pytest.mark.parametrize("decorator", DECORATORS.values())
def test_a_hook_without_names_is_for_all(decorator, names):
    """Point 32: no names or `'*'` = all."""
    job = job_with(hook=decorator(*names)(noting("hook")))
    job.start()
    job.finish()
    assert job.trace == ["hook", "hook"]


@pytest.mark.parametrize("name", ["start", JobWorkflow.transitions.start])
@pytest.mark.parametrize("kind", ["before", "after", "check"])
def test_a_transition_is_named_by_its_name_or_as_object(kind, name):
    """Point 32: names may be strings or Transition objects."""
    job = job_with(hook=DECORATORS[kind](name)(noting("hook")))
    job.start()
    job.finish()
    assert job.trace == ["hook"]


@pytest.mark.parametrize("name", ["running", JobWorkflow.states.running])
@pytest.mark.parametrize("kind", ["on_enter", "on_leave"])
def test_a_state_is_named_by_its_name_or_as_object(kind, name):
    """Point 32: or State objects."""
    job = job_with(hook=DECORATORS[kind](name)(noting("hook")))
    job.start()
    job.finish()
    assert job.trace == ["hook"]


def test_hooks_run_by_descending_priority_then_by_name():
    """Point 33: the documented order is hook3, hook1, hook4, hook2."""
    job = job_with(
        hook1=xworkflows.before_transition("start")(noting("hook1")),
        hook2=xworkflows.before_transition("start", priority=-1)(noting("hook2")),
        hook3=xworkflows.before_transition("start", priority=10)(noting("hook3")),
        hook4=xworkflows.on_leave_state("queued")(noting("hook4")),
    )
    job.start()
    assert job.trace == ["hook3", "hook1", "hook4", "hook2"]


def test_after_and_on_enter_hooks_are_sorted_together():
    """Point 33: likewise."""
    job = job_with(
        a=xworkflows.after_transition("start")(noting("a")),
        b=xworkflows.on_enter_state("running", priority=1)(noting("b")),
        c=xworkflows.after_transition("start", priority=2)(noting("c")),
    )
    job.start()
    assert job.trace == ["c", "b", "a"]


def test_the_first_check_that_refuses_ends_the_asking():
    """Point 33: all check hooks sorted the same way, first falsy stops."""
    job = job_with(
        last=xworkflows.transition_check("start")(noting("last")),
        second=xworkflows.transition_check("start", priority=1)(noting("second", answer=None)),
        first=xworkflows.transition_check("start", priority=2)(noting("first")),
    )
    with pytest.raises(xworkflows.ForbiddenTransition):
        job.start()
    assert job.trace == ["first", "second"]


def test_one_function_can_be_a_hook_several_times():
    """Point 34: stackable; several kinds with different priorities."""
    hook = xworkflows.before_transition("start", priority=-1)(
        xworkflows.on_enter_state("running", priority=5)(xworkflows.after_transition("finish")(noting("both")))
    )
    job = job_with(both=hook, other=xworkflows.before_transition("start")(noting("other")))
    job.start()
    assert job.trace == ["other", "both", "both"]
    job.finish()
    assert job.trace == ["other", "both", "both", "both"]


def test_a_hook_may_watch_one_state_field():
    """Point 35: `field=` restricts; without it applies to each."""

    class Twice(Job):
        other = JobWorkflow()
        start_other = xworkflows.transition("start", field="other")(noting("implementation"))
        finish_other = xworkflows.transition("finish", field="other")(noting("implementation"))
        redo_other = xworkflows.transition("redo", field="other")(noting("implementation"))

        one = xworkflows.before_transition("start", field="other")(noting("one"))
        each = xworkflows.before_transition("start")(noting("each"))

    job = Twice()
    job.start()
    assert job.trace == ["each"]
    job.start_other()
    assert job.trace == ["each", "each", "one", "implementation"]


def test_hooks_of_a_mixin_that_is_not_enabled_run():
    """Point 36: collected by `dir(cls)`."""

    class Mixin:
        hook = xworkflows.before_transition("start")(noting("mixin"))

    job = type(Job)("Mixed", (Mixin, Job), {})()
    job.start()
    assert job.trace == ["mixin"]


def test_a_method_redefined_without_decorator_is_no_hook_any_more():
    """Point 36: redefining the method in a subclass without decorator removes the hook."""

    class Parent(Job):
        hook = xworkflows.before_transition("start")(noting("parent"))

    class Child(Parent):
        def hook(self):
            raise AssertionError

    child, parent = Child(), Parent()
    child.start()
    parent.start()
    assert (child.trace, parent.trace) == ([], ["parent"])


@pytest.mark.parametrize("decorator", DECORATORS.values())
def test_a_hook_that_names_nothing_is_ignored(decorator):
    """Point 37: a hook naming an unknown state/transition is silently never run."""
    job = job_with(hook=decorator("nowhere")(noting("hook")))
    job.start()
    assert job.trace == []


def test_hooks_given_to_the_transition_decorator_work():
    """Point 38: `@transition(check=, before=, after=)` works with DeprecationWarning."""

    def check(self):
        self.trace.append("check")
        return "stop" not in self.trace

    with pytest.warns(DeprecationWarning, match="check=, before= and after=") as warned:
        start = xworkflows.transition(check=check, before=noting("before"), after=noting("after"))

    def implementation(self, worker):
        self.trace.append(worker)

    implementation.__name__ = "start"
    job = job_with(start=start(implementation))
    assert warned[0].filename == __file__
    job.start("w1")
    assert job.trace == ["check", "before", "w1", "after"]
    job.redo()
    job.trace = ["stop"]
    with pytest.raises(xworkflows.ForbiddenTransition):
        job.start("w2")


def test_hooks_given_to_one_transition_are_of_that_one_only():
    """Point 38: whatever its name and that of the method."""
    with pytest.warns(DeprecationWarning, match="check=, before= and after="):
        begin = xworkflows.transition("start", before=noting("before"))
    job = job_with(begin=begin(noting("begin")))
    job.begin()
    job.finish()
    assert job.trace == ["before", "begin"]
