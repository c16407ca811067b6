"""Transitions of plain objects whose checks, hooks and methods may be coroutines."""

import asyncio
from contextvars import ContextVar

import pytest

from detent.machine import (
    ForbiddenTransition,
    ImplementationWrapper,
    InvalidTransitionError,
    MissingArgument,
    MustBeAwaited,
    WorkflowEnabled,
    after_transition,
    before_transition,
    on_enter_state,
    on_leave_state,
    transition,
    transition_check,
)
from tests.unit.machine.jobs import JobWorkflow

request = ContextVar("request", default="none")


class Job(WorkflowEnabled):
    state = JobWorkflow()

    def __init__(self, *, free: bool = True) -> None:
        self.trace: list[str] = []
        self.free = free

    def note(self, what: str) -> None:
        self.trace.append(f"{what} in {self.state}")

    @transition_check("start", reason="No worker is free.")
    async def is_free(self) -> bool:
        await asyncio.sleep(0)
        self.note("is_free")
        return self.free

    @transition_check("start", priority=1)
    def is_known(self, worker: str) -> bool:
        self.note("is_known")
        return worker != "nobody"

    @before_transition("start")
    async def a_before(self, worker: str) -> None:
        await asyncio.sleep(0)
        self.note(f"before {worker}")

    @on_leave_state("queued")
    def b_leave(self) -> None:
        self.note("leave")

    @transition()
    async def start(self, worker: str) -> str:
        await asyncio.sleep(0)
        self.note("start")
        return worker.upper()

    @on_enter_state("running")
    async def a_enter(self) -> None:
        await asyncio.sleep(0)
        self.note("enter")

    @after_transition("start")
    def b_after(self, result: str) -> None:
        self.note(f"after {result}")


ORDER = ["is_known in queued", "is_free in queued", "before w1 in queued", "leave in queued", "start in queued"]
AFTER = ["enter in running", "after W1 in running"]


def test_an_awaited_call_runs_coroutines_and_functions_in_the_order_of_a_call() -> None:
    job = Job()
    assert asyncio.run(job.start.acall("w1")) == "W1"
    assert (job.trace, job.state) == ([*ORDER, *AFTER], "running")


def test_a_transition_without_coroutines_may_be_awaited_too() -> None:
    job = Job()
    assert asyncio.run(job.cancel.acall()) is None
    assert job.state == "cancelled"


def test_a_call_that_should_be_awaited_says_which_parts_and_what_to_write_and_touches_nothing() -> None:
    job = Job()
    with pytest.raises(MustBeAwaited) as caught:
        job.start("w1")
    assert str(caught.value) == (
        "Transition 'start' has parts that must be awaited: the implementation, check 'is_free', before 'a_before', "
        "on_enter 'a_enter'. Write: await <object>.start.acall(...)."
    )
    assert (caught.value.transition, caught.value.workflow, caught.value.instance) == ("start", "JobWorkflow", job)
    assert (job.trace, job.state) == ([], "queued")


def test_a_coroutine_in_an_after_hook_is_enough_to_be_refused() -> None:
    class Printed(WorkflowEnabled):
        state = JobWorkflow()

        @after_transition("start")
        async def tell(self) -> None: ...

    printed = Printed()
    with pytest.raises(MustBeAwaited, match=r"after 'tell'.*start\.acall"):
        printed.start()
    assert printed.state == "queued"
    printed.cancel()
    assert printed.state == "cancelled"


def test_an_awaited_check_refuses_with_its_reason() -> None:
    job = Job(free=False)
    with pytest.raises(ForbiddenTransition, match="No worker is free") as caught:
        asyncio.run(job.start.acall("w1"))
    assert caught.value.verdict.check == "is_free"
    assert (job.trace, job.state) == (ORDER[:2], "queued")


def test_a_wrong_state_is_refused_before_anything_is_awaited() -> None:
    job = Job()
    job.state = "running"
    with pytest.raises(InvalidTransitionError):
        asyncio.run(job.start.acall("w1"))
    assert job.trace == []


def test_an_awaited_call_without_an_argument_that_a_check_needs_names_it() -> None:
    job = Job()
    with pytest.raises(MissingArgument, match="without worker, which is_known must know"):
        asyncio.run(job.start.acall())


def test_asked_in_a_coroutine_a_transition_asks_its_coroutines() -> None:
    assert asyncio.run(Job().start.ais_available("w1"))
    assert not asyncio.run(Job(free=False).start.ais_available("w1"))
    verdict = asyncio.run(Job(free=False).start.aexplain("w1"))
    assert (verdict.code, verdict.check, verdict.message) == ("check", "is_free", "No worker is free.")


def test_asked_elsewhere_it_lists_them_as_pending() -> None:
    verdict = Job(free=False).start.explain("w1")
    assert (verdict.allowed, verdict.pending) == (True, ("is_free",))


@pytest.mark.parametrize("part", ["a_before", "start"])
def test_an_error_before_the_state_is_set_leaves_it_as_it_was(part: str) -> None:
    class Failing(Job):
        def note(self, what: str) -> None:
            super().note(what)
            if what.split(maxsplit=1)[0] in part:
                raise ZeroDivisionError

    job = Failing()
    with pytest.raises(ZeroDivisionError):
        asyncio.run(job.start.acall("w1"))
    assert job.state == "queued"


def test_a_cancelled_call_leaves_the_object_as_one_that_failed_there() -> None:
    class Slow(WorkflowEnabled):
        state = JobWorkflow()

        @transition()
        async def start(self) -> None:
            await asyncio.Event().wait()

        @after_transition("cancel")
        async def wait(self) -> None:
            await asyncio.Event().wait()

    async def cancelled(name: str) -> str:
        job = Slow()
        task = asyncio.create_task(getattr(job, name).acall())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return job.state.name

    assert asyncio.run(cancelled("start")) == "queued"
    assert asyncio.run(cancelled("cancel")) == "cancelled"


def test_context_variables_are_those_of_the_caller() -> None:
    seen = []

    class Curious(WorkflowEnabled):
        state = JobWorkflow()

        @transition()
        async def start(self) -> None:
            seen.append(request.get())

        @after_transition("start")
        def look(self) -> None:
            seen.append(request.get())

    async def call() -> None:
        request.set("r1")
        await Curious().start.acall()

    asyncio.run(call())
    assert seen == ["r1", "r1"]


def test_an_overridden_step_replaces_that_step_of_an_awaited_call_and_may_be_a_coroutine() -> None:
    class Wrapper(ImplementationWrapper):
        def _pre_transition(self, *args: object, **kwargs: object) -> None:
            self.instance.trace.append("own before")

        async def _post_transition(self, result: object, *args: object, **kwargs: object) -> None:
            await asyncio.sleep(0)
            self.instance.trace.append(f"own after {result}")

    class OwnWorkflow(JobWorkflow):
        implementation_class = Wrapper

    class Own(Job):
        state = OwnWorkflow()

    job = Own()
    assert asyncio.run(job.start.acall("w1")) == "W1"
    assert job.trace == [*ORDER[:2], "own before", "start in queued", "own after W1"]


def test_an_overridden_step_that_cannot_wait_does_not_lose_a_coroutine() -> None:
    class Wrapper(ImplementationWrapper):
        def _pre_transition(self, *args: object, **kwargs: object) -> None:
            super()._pre_transition(*args, **kwargs)

    class OwnWorkflow(JobWorkflow):
        implementation_class = Wrapper

    class Own(Job):
        state = OwnWorkflow()

    with pytest.raises(MustBeAwaited, match="before 'a_before'"):
        asyncio.run(Own().start.acall("w1"))
