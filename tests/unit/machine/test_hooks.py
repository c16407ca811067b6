"""Which functions run around a transition and in which order: points 32 to 37."""

from collections.abc import Callable

import pytest

from detent.machine import (
    Hook,
    MalformedDefinition,
    Workflow,
    WorkflowEnabled,
    after_transition,
    before_transition,
    on_enter_state,
    on_leave_state,
    transition,
    transition_check,
)
from tests.unit.machine.jobs import JobWorkflow


class Traced(WorkflowEnabled):
    state = JobWorkflow()

    def __init__(self) -> None:
        self.trace: list[str] = []


def test_hooks_of_transitions_run_around_those_they_name() -> None:
    class Job(Traced):
        @before_transition("start", "retry")
        def early(self) -> None:
            self.trace.append("early")

        @after_transition("fail")
        def late(self) -> None:
            self.trace.append("late")

    job = Job()
    job.start()
    assert job.trace == ["early"]
    job.fail()
    assert job.trace == ["early", "late"]
    job.retry()
    assert job.trace == ["early", "late", "early"]


def test_hooks_of_states_run_where_one_is_entered_or_left() -> None:
    class Job(Traced):
        @on_enter_state("running", "failed")
        def entered(self) -> None:
            self.trace.append(f"entered {self.state}")

        @on_leave_state("queued", "failed")
        def left(self) -> None:
            self.trace.append(f"leaving {self.state}")

    job = Job()
    job.start()
    job.fail()
    job.cancel()
    assert job.trace == ["leaving queued", "entered running", "entered failed", "leaving failed"]


@pytest.mark.parametrize("names", [(), ("*",)])
def test_a_hook_without_names_or_with_a_star_runs_around_all(names: tuple[str, ...]) -> None:
    class Job(Traced):
        @before_transition(*names)
        def before(self) -> None:
            self.trace.append("before")

        @on_enter_state(*names)
        def enter(self) -> None:
            self.trace.append("enter")

    job = Job()
    job.start()
    job.cancel()
    assert job.trace == ["before", "enter"] * 2


def test_hooks_name_transitions_and_states_also_as_objects() -> None:
    class Job(Traced):
        @before_transition(JobWorkflow.transitions.start)
        def before(self) -> None:
            self.trace.append("before")

        @on_enter_state(JobWorkflow.states.running)
        def enter(self) -> None:
            self.trace.append("enter")

    job = Job()
    job.start()
    job.cancel()
    assert job.trace == ["before", "enter"]


def test_hooks_run_by_descending_priority_then_by_name() -> None:
    class Job(Traced):
        @before_transition("start", priority=1)
        def hook1(self) -> None:
            self.trace.append("hook1")

        @before_transition("start")
        def hook2(self) -> None:
            self.trace.append("hook2")

        @before_transition("start", priority=10)
        def hook3(self) -> None:
            self.trace.append("hook3")

        @on_leave_state("queued", priority=1)
        def hook4(self) -> None:
            self.trace.append("hook4")

    job = Job()
    job.start()
    assert job.trace == ["hook3", "hook1", "hook4", "hook2"]


def test_checks_are_asked_in_that_order_and_the_first_no_is_the_last_asked() -> None:
    class Job(Traced):
        @transition_check("start")
        def a(self) -> bool:
            self.trace.append("a")
            return True

        @transition_check("start")
        def c(self) -> bool:
            self.trace.append("c")
            return True

        @transition_check("start", priority=1)
        def z(self) -> bool:
            self.trace.append("z")
            return True

        @transition_check("start")
        def b(self) -> bool:
            self.trace.append("b")
            return False

    job = Job()
    assert not job.start.is_available()
    assert job.trace == ["z", "a", "b"]


def test_one_function_may_be_several_hooks_each_with_its_own_priority() -> None:
    class Job(Traced):
        @before_transition("start", priority=5)
        @after_transition("start")
        def both(self) -> None:
            self.trace.append(f"both in {self.state}")

        @before_transition("start", priority=1)
        @after_transition("start", priority=1)
        def other(self) -> None:
            self.trace.append(f"other in {self.state}")

    job = Job()
    job.start()
    assert job.trace == ["both in queued", "other in queued", "other in running", "both in running"]


def test_a_hook_can_be_a_transition_too() -> None:
    class Job(Traced):
        @transition()
        @before_transition("cancel")
        def start(self) -> None:
            self.trace.append("start")

    class Special(Job):
        pass

    for job in (Job(), Special()):
        job.cancel()
        assert job.trace == ["start"]


def test_a_hook_can_be_declared_above_the_transition_as_well_as_below_it() -> None:
    class Job(Traced):
        @before_transition("cancel", priority=1)
        @transition()
        @before_transition("cancel")
        def start(self) -> None:
            self.trace.append("start")

    job = Job()
    job.cancel()
    assert job.trace == ["start", "start"]


class DeliveryWorkflow(Workflow):
    states = (("queued", "Queued"), ("sent", "Sent"))
    transitions = (("send", "queued", "sent"),)
    initial_state = "queued"


class Parcel(Traced):
    delivery = DeliveryWorkflow()

    @on_leave_state("queued")
    def any_left(self) -> None:
        self.trace.append("any")

    @on_leave_state("queued", field="delivery")
    def delivery_left(self) -> None:
        self.trace.append("delivery")

    @on_leave_state(JobWorkflow.states.queued)
    def job_left(self) -> None:
        self.trace.append("job")


def test_a_hook_watches_each_state_field_or_the_one_that_it_names() -> None:
    parcel = Parcel()
    parcel.send()
    assert parcel.trace == ["any", "delivery"]


def test_a_hook_that_names_a_state_itself_watches_only_workflows_that_have_it() -> None:
    parcel = Parcel()
    parcel.start()
    assert parcel.trace == ["any", "job"]


def test_a_hook_on_a_state_follows_its_replacement_in_a_subclassed_workflow() -> None:
    class PatientWorkflow(JobWorkflow):
        states = (("running", "At work, slowly"),)

    class Job(Traced):
        state = PatientWorkflow()

        @on_enter_state(JobWorkflow.states.running)
        def enter(self) -> None:
            self.trace.append("enter")

    job = Job()
    job.start()
    assert job.trace == ["enter"]


def test_hooks_on_mixins_that_know_no_workflow_run() -> None:
    class Mixin:
        @before_transition("start")
        def early(self) -> None:
            self.trace.append("early")

    class Job(Mixin, Traced):
        pass

    job = Job()
    job.start()
    assert job.trace == ["early"]


class Hooked(Traced):
    @before_transition("start")
    def early(self) -> None:
        self.trace.append("early")


def test_a_redefined_method_without_decorator_is_a_hook_no_longer() -> None:
    class Job(Hooked):
        def early(self) -> None:
            self.trace.append("not early")

    job, base = Job(), Hooked()
    job.start()
    base.start()
    assert (job.trace, base.trace) == ([], ["early"])


def test_a_redefined_hook_runs_in_place_of_the_inherited_one() -> None:
    class Job(Hooked):
        @before_transition("cancel")
        def early(self) -> None:
            self.trace.append("before cancel")

    job = Job()
    job.start()
    job.cancel()
    assert job.trace == ["before cancel"]


def test_a_hook_that_names_nothing_there_is_never_runs() -> None:
    class Job(Traced):
        @before_transition("strat")
        @on_enter_state("runing")
        def misspelt(self) -> None:
            self.trace.append("misspelt")

    job = Job()
    job.start()
    assert job.trace == []


def test_other_attributes_of_a_class_are_not_asked_whether_they_are_hooks() -> None:
    class Eager:
        def __getattr__(self, name: str) -> object:
            raise AssertionError(name)

    class Job(Traced):
        service = Eager()

    assert Job().start.is_available()


def first(instance: object) -> None: ...


def second(instance: object) -> None: ...


def test_hooks_are_equal_by_kind_function_names_and_priority() -> None:
    hook = Hook("before", first, "start", priority=1)
    assert hook == Hook("before", first, "start", priority=1)
    assert hash(hook) == hash(Hook("before", first, "start", priority=1))
    for other in (
        Hook("after", first, "start", priority=1),
        Hook("before", second, "start", priority=1),
        Hook("before", first, "cancel", priority=1),
        Hook("before", first, "start"),
        "start",
    ):
        assert hook != other


def test_hooks_are_ordered_by_descending_priority_then_name() -> None:
    a, b = Hook("before", first), Hook("before", second)
    urgent = Hook("after", second, priority=2)
    assert sorted([b, a, urgent]) == [urgent, a, b]
    assert urgent < a < b
    assert b > a > urgent


@pytest.mark.parametrize("method", ["__eq__", "__lt__", "__gt__"])
def test_a_hook_does_not_compare_itself_with_anything_else(method: str) -> None:
    assert getattr(Hook("before", first), method)("start") is NotImplemented


@pytest.mark.parametrize(
    ("kind", "name", "from_state", "applies"),
    [
        ("before", "cancel", None, True),
        ("after", "start", None, False),
        ("on_enter", "cancelled", None, True),
        ("on_enter", "queued", None, False),
        ("on_leave", "queued", "queued", True),
        ("on_leave", "queued", "running", False),
        ("on_leave", "queued", None, True),
        ("on_leave", "completed", None, False),
    ],
)
def test_a_hook_says_whether_it_applies_from_one_state_or_from_any(
    kind: str, name: str, from_state: str | None, applies: bool
) -> None:
    state = None if from_state is None else JobWorkflow.states[from_state]
    assert Hook(kind, first, name).applies_to(JobWorkflow.transitions.cancel, state) is applies


def test_a_hook_is_called_as_its_function() -> None:
    assert Hook("before", lambda *args, **kwargs: (args, kwargs))(1, two=2) == ((1,), {"two": 2})
    assert repr(Hook("before", first)) == f"<Hook: before {first!r}>"


@pytest.mark.parametrize(
    "decorator", [before_transition, after_transition, transition_check, on_enter_state, on_leave_state]
)
def test_a_decorator_of_hooks_without_parentheses_is_refused(decorator: Callable[..., object]) -> None:
    def tell(self: Traced) -> None: ...

    with pytest.raises(MalformedDefinition, match="hook of 'tell' has no parentheses") as caught:
        decorator(tell)
    assert "with () for all of them" in caught.value.hint
    with pytest.raises(MalformedDefinition, match="hook of 'tell'"):
        decorator(transition()(tell))
