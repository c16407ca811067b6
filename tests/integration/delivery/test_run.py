"""What becomes of a delivery when its action is run."""

from datetime import timedelta

import pytest
from django.test import override_settings

from detent.testing import deliver_all
from detent.trigger import emit
from detent.trigger.delivery import Reject, Retry
from detent.trigger.delivery.worker import Worker
from detent.trigger.models import Delivery, Occurrence, Ruleset
from detent.workflow import current_cause
from tests.integration.delivery.conftest import Register
from tests.integration.delivery.factories import fresh, make_delivery, make_due
from tests.integration.trigger.factories import event_rule

pytestmark = pytest.mark.django_db

BOTH = pytest.mark.parametrize("atomic", [True, False], ids=["atomic", "not atomic"])


def effect(text: str = "effect") -> None:
    """Leave a row behind."""
    Ruleset.objects.create(token=text)


def effects() -> int:
    return Ruleset.objects.count()


def run(delivery: Delivery) -> Delivery:
    """Have a worker look once, and return the row as it is then."""
    Worker(name="tester").run_once()
    return fresh(delivery)


@BOTH
def test_an_action_that_returns_nothing_ends_its_delivery(register: Register, atomic: bool) -> None:
    def act(delivery: Delivery, *, order: int, text: str) -> None:
        effect(f"{delivery.key} {order} {text}")

    made = make_delivery(
        register(act, atomic=atomic),
        {"order": "${data.order}", "text": "to ${data.name}"},
        data={"order": 17, "name": "A"},
    )
    done = run(made)
    assert (done.state, done.attempts, done.error, done.lease) == ("done", 1, "", None)
    assert done.finished is not None
    assert Ruleset.objects.get().token == f"delivery:{made.pk} 17 to A"


@BOTH
def test_each_attempt_is_kept(register: Register, atomic: bool) -> None:
    def act(delivery: Delivery) -> None:
        if delivery.attempts == 1:
            raise KeyError("order")

    made = make_delivery(register(act, atomic=atomic))
    run(made)
    make_due(made)
    run(made)
    first, second = made.tries.order_by("pk")
    assert (first.number, first.epoch, first.outcome) == (1, 1, "retry")
    assert (second.number, second.epoch, second.outcome, second.error) == (2, 2, "done", "")
    assert first.error.endswith("KeyError: 'order'")
    assert "Traceback" in first.error
    assert first.duration is not None
    assert first.worker.startswith("tester:")
    assert first.started <= second.started


@BOTH
def test_an_exception_is_retried_with_backoff_and_its_text_kept(register: Register, atomic: bool) -> None:
    def act(delivery: Delivery) -> None:
        raise KeyError("order")

    waiting = run(make_delivery(register(act, atomic=atomic), max_attempts=3))
    assert (waiting.state, waiting.attempts, waiting.error) == ("waiting", 1, "KeyError: 'order'")
    assert waiting.wait <= timedelta(seconds=1)
    assert waiting.finished is None


@BOTH
def test_a_delivery_that_used_up_its_attempts_is_dead_with_the_last_error_kept(
    register: Register, atomic: bool
) -> None:
    def act(delivery: Delivery) -> None:
        raise ValueError(f"attempt {delivery.attempts}")

    made = make_delivery(register(act, atomic=atomic), max_attempts=2)
    run(made)
    make_due(made)
    dead = run(made)
    assert (dead.state, dead.attempts, dead.error) == ("dead", 2, "ValueError: attempt 2")
    assert dead.finished is not None
    assert [attempt.outcome for attempt in made.tries.order_by("pk")] == ["retry", "dead"]
    make_due(made)
    assert Worker().run_once() == 0


def test_what_an_atomic_action_wrote_before_it_raised_is_undone(register: Register) -> None:
    def act(delivery: Delivery) -> None:
        effect()
        raise ValueError

    run(make_delivery(register(act)))
    assert effects() == 0


def test_what_an_action_outside_a_transaction_wrote_before_it_raised_stays(register: Register) -> None:
    def act(delivery: Delivery) -> None:
        effect()
        raise ValueError

    run(make_delivery(register(act, atomic=False)))
    assert effects() == 1


@pytest.mark.parametrize(
    ("outcome", "state"),
    [(Retry(after=90, reason="busy"), "waiting"), (Reject("busy"), "dead")],
    ids=["retry", "reject"],
)
@pytest.mark.parametrize(("raised", "kept"), [(True, 0), (False, 1)], ids=["raised", "returned"])
def test_a_raised_outcome_undoes_the_effects_and_a_returned_one_keeps_them(
    register: Register, outcome: Retry | Reject, state: str, raised: bool, kept: int
) -> None:
    def act(delivery: Delivery) -> Retry | Reject:
        effect()
        if raised:
            raise outcome
        return outcome

    ended = run(make_delivery(register(act)))
    assert (ended.state, ended.error) == (state, "busy")
    assert effects() == kept


@BOTH
def test_retry_says_how_long_to_wait(register: Register, atomic: bool) -> None:
    def act(delivery: Delivery) -> Retry:
        return Retry(after=timedelta(minutes=10))

    waiting = run(make_delivery(register(act, atomic=atomic)))
    assert timedelta(minutes=9) < waiting.wait <= timedelta(minutes=10)


@BOTH
def test_retry_at_the_last_attempt_is_death(register: Register, atomic: bool) -> None:
    def act(delivery: Delivery) -> Retry:
        return Retry(reason="still busy")

    dead = run(make_delivery(register(act, atomic=atomic), max_attempts=1))
    assert (dead.state, dead.error) == ("dead", "still busy")


@pytest.mark.parametrize(
    ("settings", "named"),
    [({"order": "${data.missing}"}, "data.missing"), ({"order": "seventeen"}, "input.order"), ({}, "order")],
    ids=["missing field", "wrong type", "missing key"],
)
def test_settings_that_cannot_be_are_a_final_failure_with_the_reason(
    register: Register, settings: dict[str, object], named: str
) -> None:
    def act(delivery: Delivery, *, order: int) -> None:
        effect()

    dead = run(make_delivery(register(act), settings))
    assert (dead.state, dead.attempts) == ("dead", 1)
    assert named in dead.error
    assert effects() == 0


@BOTH
def test_an_action_that_returns_no_outcome_fails(register: Register, atomic: bool) -> None:
    def act(delivery: Delivery) -> int:
        return 5

    waiting = run(make_delivery(register(act, atomic=atomic)))
    assert waiting.state == "waiting"
    assert "returned 5" in waiting.error


@BOTH
def test_an_action_that_exits_fails_and_the_worker_goes_on(register: Register, atomic: bool) -> None:
    def leave(delivery: Delivery) -> None:
        raise SystemExit(3)

    def stay(delivery: Delivery) -> None: ...

    left = make_delivery(register(leave, atomic=atomic), priority=1)
    stayed = make_delivery(register(stay, atomic=atomic))
    assert Worker().run_once() == 2
    assert (fresh(left).state, fresh(left).error) == ("waiting", "SystemExit: 3")
    assert fresh(stayed).state == "done"


def test_ctrl_c_gets_through_and_undoes_what_was_begun(register: Register) -> None:
    def act(delivery: Delivery) -> None:
        effect()
        raise KeyboardInterrupt

    made = make_delivery(register(act))
    with pytest.raises(KeyboardInterrupt):
        Worker().run_once()
    assert effects() == 0
    assert fresh(made).state == "running"


def test_an_error_that_no_database_could_store_as_it_is_is_written_out(register: Register) -> None:
    def act(delivery: Delivery) -> None:
        raise ValueError("name \udcff and \x00")

    assert fresh(run(make_delivery(register(act)))).error == "ValueError: name \\udcff and \\x00"


def test_of_an_error_as_long_as_a_book_the_beginning_is_kept(register: Register) -> None:
    def act(delivery: Delivery) -> None:
        raise ValueError("x" * 1_000_000)

    assert len(fresh(run(make_delivery(register(act)))).error) == 4000


@override_settings(DETENT={"MAX_CAUSATION_DEPTH": 3})
def test_a_delivery_at_the_end_of_a_chain_of_causes_is_dead_with_the_reason(register: Register) -> None:
    def echo(delivery: Delivery) -> None:
        emit("said", {}, source="tests")

    event_rule("said", actions=[{"action": register(echo)}])
    emit("said", {}, source="tests")
    assert deliver_all() == 4
    assert list(Occurrence.objects.order_by("pk").values_list("depth", flat=True)) == [0, 1, 2, 3]
    dead = Delivery.objects.get(state="dead")
    assert f"emitted by delivery:{dead.pk}, would have 4 others above it" in dead.error


def test_what_an_action_does_is_caused_by_its_delivery(register: Register) -> None:
    def act(delivery: Delivery) -> None:
        effect(current_cause())

    made = make_delivery(register(act))
    run(made)
    assert Ruleset.objects.get().token == f"delivery:{made.pk}"
    assert current_cause() == ""


def test_a_dead_delivery_is_told_to_the_log(register: Register, caplog: pytest.LogCaptureFixture) -> None:
    def refuse(delivery: Delivery) -> Reject:
        return Reject("no such order")

    name = register(refuse)
    dead = run(make_delivery(name))
    assert caplog.messages == [f"Delivery {dead.pk} ({name} for event {dead.event_id}) is dead: no such order"]
