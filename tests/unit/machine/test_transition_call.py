"""What a call of a transition does, in which order: points 21 to 31."""

import logging

import pytest

from detent.machine import (
    AbortTransition,
    ForbiddenTransition,
    ImplementationProperty,
    ImplementationWrapper,
    InvalidTransitionError,
    NotEnabled,
    Transition,
    WorkflowEnabled,
    WorkflowError,
    after_transition,
    before_transition,
    on_enter_state,
    on_leave_state,
    transition,
    transition_check,
)
from tests.unit.machine.jobs import JobWorkflow


class TracingWorkflow(JobWorkflow):
    def log_transition(
        self, transition: Transition, from_state: object, instance: object, *args: object, **kwargs: object
    ) -> None:
        super().log_transition(transition, from_state, instance, *args, **kwargs)
        instance.trace.append(f"log {from_state} to {instance.state}")


class Job(WorkflowEnabled):
    state = TracingWorkflow()

    def __init__(self) -> None:
        self.trace: list[str] = []
        self.ready = True

    def note(self, what: str) -> None:
        self.trace.append(f"{what} in {self.state}")

    @transition_check("start")
    def is_ready(self) -> bool:
        self.note("check")
        return self.ready

    @before_transition("start")
    def a_before(self, *args: object, **kwargs: object) -> None:
        self.note(f"before {args} {kwargs}")

    @on_leave_state("queued")
    def b_leave(self, *args: object, **kwargs: object) -> None:
        self.note(f"leave {args} {kwargs}")

    @transition()
    def start(self, worker: str, *, attempt: int = 1) -> str:
        """Begin to work."""
        self.note(f"start {worker} {attempt}")
        return worker.upper()

    @on_enter_state("running")
    def a_enter(self, result: str, *args: object, **kwargs: object) -> None:
        self.note(f"enter {result} {args} {kwargs}")

    @after_transition("start")
    def b_after(self, result: str, *args: object, **kwargs: object) -> None:
        self.note(f"after {result} {args} {kwargs}")


def test_a_call_asks_the_checks_runs_the_hooks_and_the_method_moves_logs_and_runs_the_other_hooks() -> None:
    job = Job()
    job.start("w1", attempt=2)
    assert job.trace == [
        "check in queued",
        "before ('w1',) {'attempt': 2} in queued",
        "leave ('w1',) {'attempt': 2} in queued",
        "start w1 2 in queued",
        "log queued to running",
        "enter W1 ('w1',) {'attempt': 2} in running",
        "after W1 ('w1',) {'attempt': 2} in running",
    ]


def test_a_call_returns_what_the_method_returns() -> None:
    assert Job().start("w1") == "W1"


def test_the_state_left_is_read_after_the_method_has_run() -> None:
    class Straying(Job):
        @transition()
        def start(self) -> None:
            self.state = "failed"

    job = Straying()
    job.start()
    assert "log failed to running" in job.trace


def test_a_transition_that_does_not_start_in_the_state_is_refused_before_any_check() -> None:
    job = Job()
    with pytest.raises(InvalidTransitionError) as caught:
        job.complete()
    assert str(caught.value) == "Transition 'complete' isn't available from state 'queued'."
    assert (job.state, job.trace) == ("queued", [])


def test_a_check_that_answers_no_forbids_the_transition_and_nothing_is_touched() -> None:
    job = Job()
    job.ready = False
    with pytest.raises(ForbiddenTransition) as caught:
        job.start("w1")
    assert str(caught.value) == "Transition 'start' was forbidden by custom pre-transition check."
    assert (job.state, job.trace) == ("queued", ["check in queued"])


def test_the_errors_of_refused_transitions_have_one_root() -> None:
    assert InvalidTransitionError.__bases__ == ForbiddenTransition.__bases__ == (AbortTransition,)
    assert issubclass(AbortTransition, WorkflowError)
    assert issubclass(WorkflowError, Exception)


@pytest.mark.parametrize("step", ["a_before", "b_leave", "start"])
def test_an_error_before_the_state_is_set_leaves_it_as_it_was(step: str) -> None:
    class Failing(Job):
        def note(self, what: str) -> None:
            super().note(what)
            if what.split(maxsplit=1)[0] in step:
                raise ZeroDivisionError

    job = Failing()
    with pytest.raises(ZeroDivisionError):
        job.start("w1")
    assert job.state == "queued"
    assert not [entry for entry in job.trace if entry.startswith("log")]


def test_an_error_in_an_after_hook_reaches_the_caller_and_the_new_state_stays() -> None:
    class Failing(Job):
        @after_transition()
        def fail_then(self) -> None:
            raise ZeroDivisionError

    job = Failing()
    with pytest.raises(ZeroDivisionError):
        job.start("w1")
    assert job.state == "running"


def test_availability_is_the_source_state_and_the_checks_and_runs_nothing_else() -> None:
    job = Job()
    assert job.start.is_available()
    assert not job.complete.is_available()
    job.ready = False
    assert not job.start.is_available()
    assert job.trace == ["check in queued"] * 2


def test_an_error_in_a_check_reaches_who_asked() -> None:
    class Failing(WorkflowEnabled):
        state = JobWorkflow()

        @transition_check("start")
        def fails(self) -> bool:
            raise ZeroDivisionError

    for ask in (Failing().start, Failing().start.is_available, Failing().start.explain):
        with pytest.raises(ZeroDivisionError):
            ask()


def test_a_check_may_forbid_by_raising_and_its_words_are_the_reason() -> None:
    class Refusing(WorkflowEnabled):
        state = JobWorkflow()

        @transition_check("start")
        def is_ready(self) -> bool:
            raise ForbiddenTransition("No worker is free.")

    assert not Refusing().start.is_available()
    assert Refusing().start.explain().message == "No worker is free."
    with pytest.raises(ForbiddenTransition, match="No worker is free"):
        Refusing().start()


def test_a_transition_without_method_takes_any_arguments_and_returns_none() -> None:
    class Plain(WorkflowEnabled):
        state = JobWorkflow()

    job = Plain()
    assert job.start(1, 2, three=3) is None
    assert job.state == "running"


def test_a_refused_argument_is_the_methods_own_type_error_and_nothing_moves() -> None:
    job = Job()
    with pytest.raises(TypeError, match="unexpected keyword argument 'speed'"):
        job.start("w1", speed=3)
    assert job.state == "queued"


def test_an_object_has_a_new_bound_transition_each_time_it_is_asked() -> None:
    job = Job()
    bound = job.start
    assert isinstance(bound, ImplementationWrapper)
    assert job.start is not bound
    assert bound.__doc__ == "Begin to work."
    assert bound.transition is TracingWorkflow.transitions.start
    assert isinstance(bound.workflow, TracingWorkflow)
    assert bound.instance is job
    assert bound.current_state == "queued"
    assert {kind: [hook.name for hook in hooks] for kind, hooks in bound.hooks.items()} == {
        "check": ["is_ready"],
        "before": ["a_before"],
        "on_leave": ["b_leave"],
        "on_enter": ["a_enter"],
        "after": ["b_after"],
    }
    assert repr(bound) == f"<ImplementationWrapper for 'start' on 'state': {Job.start.implementation!r}>"


def test_the_class_has_the_transition_as_a_property_that_cannot_be_called() -> None:
    assert isinstance(Job.start, ImplementationProperty)
    assert Job.start.__doc__ == "Begin to work."
    with pytest.raises(TypeError, match="not callable"):
        Job.start()
    assert "'start' on 'state'" in repr(Job.start)


def test_a_transition_on_an_object_without_the_state_is_a_type_error() -> None:
    class Foreign:
        start = Job.start

        def __repr__(self) -> str:
            return "<a foreigner>"

    message = "Unable to apply transition 'start' to object <a foreigner>, which is not attached to a Workflow."
    with pytest.raises(NotEnabled) as caught:
        _ = Foreign().start
    assert str(caught.value) == message
    assert isinstance(caught.value, TypeError)


def test_the_python_log_hears_of_each_transition(caplog: pytest.LogCaptureFixture) -> None:
    class Named(Job):
        def __repr__(self) -> str:
            return "<job 7>"

    with caplog.at_level(logging.INFO, logger="detent.transitions"):
        Named().start("w1")
    assert caplog.messages == ["<job 7> performed transition TracingWorkflow.start (queued -> running)"]


def test_an_object_that_cannot_be_shown_is_logged_as_such(caplog: pytest.LogCaptureFixture) -> None:
    class Unprintable(Job):
        def __repr__(self) -> str:
            raise ZeroDivisionError

    with caplog.at_level(logging.INFO, logger="detent.transitions"):
        Unprintable().start("w1")
    assert caplog.messages == ["<bad repr> performed transition TracingWorkflow.start (queued -> running)"]


def test_an_argument_may_be_called_result():
    class Labelled(WorkflowEnabled):
        state = JobWorkflow()

        @transition()
        def start(self, result):
            return result * 2

    assert Labelled().start(result=4) == 8
