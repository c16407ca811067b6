"""A call that takes the shortcut does what the four steps do."""

import logging
from collections.abc import Callable

import pytest

from detent.machine import (
    ForbiddenTransition,
    ImplementationWrapper,
    InvalidTransitionError,
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


class SteppingWrapper(ImplementationWrapper):
    """Replaces a step by itself, which is enough to have each call take all four."""

    def _pre_transition(self, *args: object, **kwargs: object) -> None:
        super()._pre_transition(*args, **kwargs)


class SteppingWorkflow(JobWorkflow):
    implementation_class = SteppingWrapper


class Traced:
    def __init__(self, refusing: str = "", moving: str = "") -> None:
        self.trace: list[str] = []
        self.refusing = refusing
        self.moving = moving

    def note(self, what: str) -> bool:
        self.trace.append(f"{what} in {self.state}")
        if what == self.moving:
            self.state = "failed"
        return what != self.refusing

    @transition_check("start")
    def check1(self) -> bool:
        return self.note("check1")

    @transition_check("start")
    def check2(self) -> bool:
        return self.note("check2")

    @before_transition("start")
    def before1(self) -> None:
        self.note("before1")

    @on_leave_state("queued")
    def before2(self) -> None:
        self.note("before2")

    @on_enter_state("running")
    def after1(self) -> None:
        self.note("after1")

    @after_transition("start")
    def after2(self) -> None:
        self.note("after2")

    @transition()
    def start(self, worker: str = "w1", *, speed: int = 1) -> str:
        self.note(f"start {worker} {speed}")
        return worker.upper()


class Quick(Traced, WorkflowEnabled):
    state = JobWorkflow()


class Stepping(Traced, WorkflowEnabled):
    state = SteppingWorkflow()


def outcome(
    job: Quick | Stepping, caplog: pytest.LogCaptureFixture, *args: object, **kwargs: object
) -> tuple[object, ...]:
    caplog.clear()
    bound = job.start
    try:
        result = bound(*args, **kwargs)
    except (ForbiddenTransition, InvalidTransitionError, TypeError) as error:
        return type(error), getattr(getattr(error, "verdict", None), "check", str(error)), job.trace, job.state.name
    said = [
        message.partition("transition")[2].replace("SteppingWorkflow", "JobWorkflow") for message in caplog.messages
    ]
    return result, said, bound.from_state.name, job.trace, job.state.name


CALLS: dict[str, Callable[[type], Quick | Stepping]] = {
    "allowed": lambda job: job(),
    "refused by the first check": lambda job: job(refusing="check1"),
    "refused by the second check": lambda job: job(refusing="check2"),
    "moved by a hook before": lambda job: job(moving="before1"),
    "moved by the method": lambda job: job(moving="start w2 3"),
    "moved by a hook after": lambda job: job(moving="after1"),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("arguments", [((), {}), (("w2",), {"speed": 3}), (("w2", "w3"), {})])
def test_a_call_does_the_same_with_and_without_the_shortcut(
    call: str, arguments: tuple[tuple[object, ...], dict[str, object]], caplog: pytest.LogCaptureFixture
) -> None:
    args, kwargs = arguments
    with caplog.at_level(logging.INFO, logger="detent.transitions"):
        for _ in range(2):  # the first call lays out what the second finds
            quick = outcome(CALLS[call](Quick), caplog, *args, **kwargs)
            assert quick == outcome(CALLS[call](Stepping), caplog, *args, **kwargs)


def test_a_shortcut_is_taken_where_hooks_take_the_object_only_and_no_step_is_replaced() -> None:
    Quick().start()
    Stepping().start()
    assert set(Quick.start.shortcuts) == {"queued", None}
    assert Stepping.start.shortcuts == {}


def test_the_state_left_is_read_after_a_hook_has_moved_the_object() -> None:
    class Straying(WorkflowEnabled):
        state = JobWorkflow()

        @before_transition("start")
        def stray(self) -> None:
            self.state = "failed"

    for _ in range(2):
        bound = Straying().start
        bound()
        assert bound.from_state == "failed"
    assert Straying.start.shortcuts


def test_a_hook_added_later_is_not_passed_by() -> None:
    class Late(WorkflowEnabled):
        state = JobWorkflow()

    Late().start()
    seen: list[object] = []
    Late.start.add_hook(Quick.start.hooks["before"][0].with_function(seen.append))
    late = Late()
    late.start()
    assert seen == [late]


@pytest.mark.parametrize("level", [logging.INFO, logging.WARNING])
def test_a_logger_that_is_configured_anew_is_asked_anew(level: int, caplog: pytest.LogCaptureFixture) -> None:
    job = Quick()
    with caplog.at_level(logging.INFO, logger="detent.transitions"):
        job.start()
        job.fail()
        caplog.clear()
        with caplog.at_level(level, logger="detent.transitions"):
            job.retry()
            assert len(caplog.messages) == (1 if level == logging.INFO else 0)
        caplog.clear()
        job.start()
        assert len(caplog.messages) == 1


def test_logging_that_is_disabled_and_enabled_again_is_followed(caplog: pytest.LogCaptureFixture) -> None:
    job = Quick()
    with caplog.at_level(logging.INFO, logger="detent.transitions"):
        logging.disable(logging.INFO)
        job.start()
        logging.disable(logging.NOTSET)
        job.fail()
    assert [message.partition("(")[2] for message in caplog.messages] == ["running -> failed)"]


class Choosing(logging.Logger):
    """Decides by itself what it hears, each time anew."""

    hears = True

    def isEnabledFor(self, level: int) -> bool:  # noqa: N802 - as logging calls it
        return self.hears


def logged_by(logger: logging.Logger, monkeypatch: pytest.MonkeyPatch) -> tuple[WorkflowEnabled, list[str]]:
    """Return an object whose transitions a logger hears of, and the list of what it was told."""
    monkeypatch.setitem(logging.root.manager.loggerDict, logger.name, logger)

    class HeardWorkflow(JobWorkflow):
        logger_name = logger.name

    class Heard(WorkflowEnabled):
        state = HeardWorkflow()

    told: list[str] = []
    logger.addFilter(lambda record: told.append(record.getMessage().partition("(")[2]) or False)
    return Heard(), told


def test_a_logger_that_decides_by_itself_what_it_hears_is_asked_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    logger = Choosing("tests.choosing")
    job, told = logged_by(logger, monkeypatch)
    job.start()
    logger.hears = False
    job.fail()
    logger.hears = True
    job.retry()
    assert told == ["queued -> running)", "failed -> queued)"]


def test_a_logging_that_keeps_none_of_its_answers_is_asked_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.Logger, "isEnabledFor", lambda self, level: self.level <= level)
    logger = logging.Logger("tests.forgetful", logging.INFO)
    del logger._cache
    job, told = logged_by(logger, monkeypatch)
    job.start()
    logger.level = logging.WARNING
    job.fail()
    logger.level = logging.INFO
    job.retry()
    assert told == ["queued -> running)", "failed -> queued)"]


def test_a_workflow_that_logs_in_its_own_way_is_told_of_each_transition() -> None:
    told = []

    class OwnWorkflow(JobWorkflow):
        def log_transition(self, *args: object, **kwargs: object) -> None:
            told.append(kwargs)

    class Own(WorkflowEnabled):
        state = OwnWorkflow()

    own = Own()
    own.start(worker="w1")
    own.fail()
    assert told == [{"worker": "w1"}, {}]


def test_objects_that_watch_their_attributes_do_not_see_the_state_among_them() -> None:
    asked: list[str] = []

    class Watching(WorkflowEnabled):
        state = JobWorkflow()

        def __getattr__(self, name: str) -> object:
            asked.append(name)
            raise AttributeError(name)

        def __setattr__(self, name: str, value: object) -> None:
            if name != "state":
                raise AssertionError(name)
            super().__setattr__(name, value)

    class Below(Quick):
        def __getattr__(self, name: str) -> object:
            asked.append(name)
            raise AttributeError(name)

    watching, below = Watching(), Below()
    watching.start()
    watching.state = "failed"
    watching.retry()
    below.start()
    assert (watching.state, below.state, asked) == ("queued", "running", [])


def test_two_machines_of_one_object_keep_their_states_apart() -> None:
    class LidWorkflow(Workflow):
        states = (("open", "Open"), ("shut", "Shut"))
        transitions = (("close", "open", "shut"),)
        initial_state = "open"

    class Box(WorkflowEnabled):
        state = JobWorkflow()
        lid = LidWorkflow()

    box = Box()
    box.close()
    assert (box.state, box.lid) == ("queued", "shut")
    box.start()
    assert (box.state, box.lid) == ("running", "shut")


def test_an_implementation_class_with_an_init_of_its_own_is_made_by_it() -> None:
    made = []

    class Wrapper(ImplementationWrapper):
        def __init__(self, instance: object, field_name: str, *args: object, **kwargs: object) -> None:
            super().__init__(instance, field_name, *args, **kwargs)
            made.append(field_name)

    class OwnWorkflow(JobWorkflow):
        implementation_class = Wrapper

    class Own(Traced, WorkflowEnabled):
        state = OwnWorkflow()

    own = Own()
    assert own.start() == "W1"
    assert isinstance(own.cancel, Wrapper)
    assert made == ["state", "state"]
