"""What a transition answers when it is asked whether it may take place."""

import pytest

from detent.machine import (
    AbortTransition,
    ForbiddenTransition,
    InvalidTransitionError,
    MissingArgument,
    Verdict,
    WorkflowEnabled,
    transition,
    transition_check,
)
from tests.unit.machine.jobs import JobWorkflow


class Job(WorkflowEnabled):
    state = JobWorkflow()
    broken = False

    @transition()
    def start(self, worker: str, *, memory: int, urgent: bool = False) -> None: ...

    @transition_check("start", reason="The worker is too small.")
    def fits(self, memory: int) -> bool:
        return memory <= 8

    @transition_check("start")
    def is_known(self, worker: str) -> bool:
        return worker != "nobody"

    @transition_check("start", "cancel", priority=1)
    def is_whole(self) -> bool:
        return not self.broken


def stray() -> Job:
    job = Job()
    vars(job)["_detent_state"] = "paused"
    return job


def test_an_allowed_transition_says_so_and_from_where_to_go() -> None:
    verdict = Job().start.explain("w1", memory=4)
    assert verdict == Verdict("start", "queued", sources=("queued",), workflow="JobWorkflow", field="state")
    assert verdict.allowed
    assert verdict


def test_a_wrong_state_is_refused_with_the_states_that_would_do() -> None:
    job = Job()
    job.cancel()
    verdict = job.cancel.explain()
    assert not verdict
    assert (verdict.code, verdict.state, verdict.check) == ("wrong_state", "cancelled", "")
    assert verdict.message == "Transition 'cancel' isn't available from state 'cancelled'."
    assert verdict.sources == ("queued", "running", "failed")


def test_a_refusing_check_is_named_and_gives_its_reason() -> None:
    verdict = Job().start.explain("w1", memory=16)
    assert (verdict.code, verdict.check, verdict.message) == ("check", "fits", "The worker is too small.")


def test_a_refusing_check_without_reason_has_the_usual_words() -> None:
    verdict = Job().start.explain("nobody", memory=4)
    assert (verdict.code, verdict.check) == ("check", "is_known")
    assert verdict.message == "Transition 'start' was forbidden by custom pre-transition check."


def test_checks_whose_arguments_are_not_given_are_not_asked_but_listed() -> None:
    verdict = Job().start.explain()
    assert (verdict.allowed, verdict.pending) == (True, ("fits", "is_known"))
    assert Job().start.explain("w1").pending == ("fits",)
    assert Job().start.explain(memory=4).pending == ("is_known",)


def test_a_check_that_can_be_asked_refuses_while_others_are_pending() -> None:
    job = Job()
    job.broken = True
    assert job.start.explain().check == "is_whole"
    assert Job().start.explain(memory=16).check == "fits"


def test_pending_checks_leave_a_transition_available() -> None:
    assert Job().start.is_available()
    assert not Job().start.is_available(memory=16)


def test_an_unknown_state_is_its_own_code() -> None:
    verdict = stray().cancel.explain()
    assert (verdict.code, verdict.state) == ("unknown_state", "paused")
    with pytest.raises(InvalidTransitionError) as caught:
        stray().cancel()
    assert caught.value.verdict == verdict


def test_an_unknown_state_leaves_no_plan_behind() -> None:
    stray().cancel.explain()
    assert "paused" not in Job.cancel.plans


@pytest.mark.parametrize(
    ("arguments", "error"),
    [({"worker": "w1", "memory": 16}, ForbiddenTransition), ({"worker": "nobody", "memory": 4}, ForbiddenTransition)],
)
def test_the_error_of_a_call_carries_the_verdict_that_explaining_gives(
    arguments: dict[str, object], error: type[AbortTransition]
) -> None:
    job = Job()
    with pytest.raises(error) as caught:
        job.start(**arguments)
    assert caught.value.verdict == job.start.explain(**arguments)
    assert str(caught.value) == caught.value.verdict.message


def test_a_call_without_an_argument_that_a_check_needs_says_which_and_who_asks() -> None:
    job = Job()
    with pytest.raises(MissingArgument) as caught:
        job.start("w1")
    assert str(caught.value) == "Transition 'start' is called without memory, which fits must know; give it by name."
    assert caught.value.verdict.pending == ("fits",)
    assert isinstance(caught.value, TypeError)
    assert job.state == "queued"


def test_asking_moves_nothing() -> None:
    job = Job()
    job.start.explain("w1", memory=4)
    assert job.state == "queued"


def test_an_error_that_a_hook_raised_has_no_verdict() -> None:
    assert AbortTransition("No.").verdict is None


def test_a_verdict_may_have_words_that_are_translated_when_shown() -> None:
    class Lazily:
        def __str__(self) -> str:
            return "Zu klein."

    class Small(WorkflowEnabled):
        state = JobWorkflow()

        @transition_check("start", reason=Lazily())
        def fits(self) -> bool:
            return False

    with pytest.raises(ForbiddenTransition, match="Zu klein"):
        Small().start()
    assert isinstance(Small().start.explain().message, Lazily)
