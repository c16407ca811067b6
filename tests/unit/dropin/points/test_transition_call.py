"""Points 21 to 27, 31 and 58 of the drop-in behaviour on plain objects: what a call of a transition does."""

import logging

import pytest

import xworkflows
from tests.unit.dropin.points.jobs import Job, JobWorkflow
from xworkflows import base


class TracedWorkflow(JobWorkflow):
    def log_transition(self, transition, from_state, instance, *args, **kwargs):
        super().log_transition(transition, from_state, instance, *args, **kwargs)
        instance.note("log", transition.name, from_state.name, args, kwargs)


class Traced(Job):
    """Notes each step with the state in which it ran and what it was given; fails in the step that it is told."""

    state = TracedWorkflow()
    fails_in = ""

    def note(self, step, *given):
        self.trace.append((step, str(self.state), *given))
        if step == self.fails_in:
            raise RuntimeError(step)

    @xworkflows.transition()
    def start(self, worker, speed=1):
        """Begin to work."""
        self.note("implementation", worker, speed)
        return worker.upper()

    @xworkflows.transition_check("start")
    def check(self, *args, **kwargs):
        self.note("check", args, kwargs)
        return True

    @xworkflows.before_transition("start", priority=2)
    def before(self, *args, **kwargs):
        self.note("before", args, kwargs)

    @xworkflows.on_leave_state("queued", priority=3)
    def leave(self, *args, **kwargs):
        self.note("leave", args, kwargs)

    @xworkflows.after_transition("start", priority=2)
    def after(self, result, *args, **kwargs):
        self.note("after", result, args, kwargs)

    @xworkflows.on_enter_state("running", priority=3)
    def enter(self, result, *args, **kwargs):
        self.note("enter", result, args, kwargs)


def test_a_call_goes_through_its_steps_in_order():
    """Point 21: checks, before and on_leave, implementation, state set, log, after and on_enter, the value."""
    job = Traced()
    assert job.start("w1", speed=2) == "W1"
    assert [step[0] for step in job.trace] == ["check", "leave", "before", "implementation", "log", "enter", "after"]


def test_a_refused_call_stops_at_the_source():
    """Point 21: the source check comes first."""
    job = Traced()
    job.state = "done"
    with pytest.raises(xworkflows.InvalidTransitionError):
        job.start("w1")
    assert job.trace == []


def test_the_state_changes_between_the_implementation_and_the_log():
    """Point 22: during before/on_leave and implementation the state is still the source."""
    job = Traced()
    job.start("w1")
    states = {step[0]: step[1] for step in job.trace}
    assert {states[step] for step in ("check", "leave", "before", "implementation")} == {"queued"}
    assert {states[step] for step in ("log", "enter", "after")} == {"running"}


def test_an_implementation_that_assigns_the_state_changes_the_logged_source():
    """Point 22: `from_state` is re-read after the implementation."""

    class Assigning(Traced):
        @xworkflows.transition()
        def start(self, worker, speed=1):
            self.state = "done"

    job = Assigning()
    job.start("w1")
    assert [step[3] for step in job.trace if step[0] == "log"] == ["done"]
    assert job.state.is_running


def test_a_transition_from_another_state_is_an_invalid_transition_error():
    """Point 24: its message."""
    job = Job()
    with pytest.raises(xworkflows.InvalidTransitionError) as raised:
        job.finish()
    assert str(raised.value) == "Transition 'finish' isn't available from state 'queued'."
    assert job.state.is_queued


def test_a_check_that_refuses_is_a_forbidden_transition():
    """Point 24: its message."""

    class Refusing(Job):
        @xworkflows.transition_check("start")
        def never(self):
            return False

    job = Refusing()
    with pytest.raises(xworkflows.ForbiddenTransition) as raised:
        job.start()
    assert str(raised.value) == "Transition 'start' was forbidden by custom pre-transition check."
    assert job.state.is_queued


def test_refusals_have_one_root():
    """Point 24: both under `AbortTransition` under `WorkflowError(Exception)`."""
    for error in (xworkflows.InvalidTransitionError, xworkflows.ForbiddenTransition):
        assert issubclass(error, xworkflows.AbortTransition)
    assert issubclass(xworkflows.AbortTransition, xworkflows.WorkflowError)
    assert issubclass(xworkflows.WorkflowError, Exception)


@pytest.mark.parametrize("step", ["leave", "before", "implementation"])
def test_an_exception_before_the_move_leaves_the_state(step):
    """Point 25: in before/on_leave/implementation."""
    job = Traced()
    job.fails_in = step
    with pytest.raises(RuntimeError, match=step):
        job.start("w1")
    assert job.state.is_queued


@pytest.mark.parametrize("step", ["enter", "after"])
def test_an_exception_after_the_move_leaves_the_new_state(step):
    """Point 25: in after-hooks the new state stays in memory."""
    job = Traced()
    job.fails_in = step
    with pytest.raises(RuntimeError, match=step):
        job.start("w1")
    assert job.state.is_running


def test_is_available_asks_the_source_and_the_checks_and_nothing_else():
    """Point 26: of `obj.trans.is_available()`."""
    job = Traced()
    assert job.start.is_available()
    assert [step[0] for step in job.trace] == ["check"]
    job.state = "done"
    assert not job.start.is_available()
    assert [step[0] for step in job.trace] == ["check"]


def test_an_exception_of_a_check_reaches_the_caller_who_only_asks():
    """Point 26: other exceptions from a check propagate."""
    job = Traced()
    job.fails_in = "check"
    with pytest.raises(RuntimeError, match="check"):
        job.start.is_available()


def test_checks_get_the_object_hooks_the_arguments_and_after_hooks_the_result():
    """Point 27: (self); (self, *args, **kwargs); (self, result, *args, **kwargs)."""
    job = Traced()
    job.start("w1", speed=2)
    given = {step: rest for step, _, *rest in job.trace}
    assert given["check"] == [(), {}]
    assert given["before"] == given["leave"] == [("w1",), {"speed": 2}]
    assert given["after"] == given["enter"] == ["W1", ("w1",), {"speed": 2}]
    assert given["log"] == ["start", "queued", ("w1",), {"speed": 2}]


def test_an_object_has_a_new_bound_transition_each_time():
    """Point 31: with what it is bound to."""
    job = Traced()
    bound = job.start
    assert isinstance(bound, base.ImplementationWrapper)
    assert bound is not job.start
    assert bound.__doc__ == "Begin to work."
    assert (bound.transition, bound.workflow) == (TracedWorkflow.transitions.start, Traced.state.workflow)
    assert (bound.instance, bound.current_state) == (job, "queued")
    assert {kind: [hook.function.__name__ for hook in hooks] for kind, hooks in bound.hooks.items() if hooks} == {
        "check": ["check"],
        "before": ["before"],
        "on_leave": ["leave"],
        "on_enter": ["enter"],
        "after": ["after"],
    }


def test_the_class_has_a_property_that_cannot_be_called():
    """Point 31: `Model.trans` is an ImplementationProperty, not callable."""
    assert isinstance(Traced.start, base.ImplementationProperty)
    assert Traced.start.__doc__ == "Begin to work."
    with pytest.raises(TypeError):
        Traced.start()


def test_each_transition_is_told_to_the_logger(caplog):
    """Point 58: `xworkflows.transitions`, INFO."""
    job = Job()
    with caplog.at_level(logging.INFO, logger="xworkflows.transitions"):
        job.start()
    message = f"{job!r} performed transition JobWorkflow.start (queued -> running)"
    assert caplog.record_tuples == [("xworkflows.transitions", logging.INFO, message)]


def test_an_object_that_cannot_show_itself_is_told_all_the_same(caplog):
    """Point 58: bad repr becomes `<bad repr>`."""

    class Shy(Job):
        def __repr__(self):
            raise UnicodeDecodeError("ascii", b"\xe9", 0, 1, "ordinal not in range")

    with caplog.at_level(logging.INFO, logger="xworkflows.transitions"):
        Shy().start()
    assert caplog.messages == ["<bad repr> performed transition JobWorkflow.start (queued -> running)"]
