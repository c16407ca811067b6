"""What the signals tell, when, and what of it becomes measures."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.dispatch import Signal

from detent.trigger import Reject, Retry, emit, emit_many
from detent.trigger.delivery.database_clock import DatabaseNow
from detent.trigger.delivery.worker import Worker
from detent.trigger.models import Delivery
from detent.trigger.observability.measures import kept
from detent.trigger.observability.signals import deliveries_claimed, deliveries_ended, occurrences_emitted
from tests.integration.delivery.conftest import Register
from tests.integration.delivery.factories import fresh, let_lease_run_out, make_delivery
from tests.integration.trigger.factories import event_rule

pytestmark = pytest.mark.django_db(transaction=True)

Heard = list[dict[str, Any]]


@pytest.fixture
def listen() -> Iterator[Callable[[Signal], Heard]]:
    """Listen to signals until the test ends."""
    connected = []

    def listen(signal: Signal) -> Heard:
        heard: Heard = []

        def receive(**told: Any) -> None:
            heard.append(told)

        signal.connect(receive)
        connected.append((signal, receive))
        return heard

    yield listen
    for signal, receive in connected:
        signal.disconnect(receive)


def nothing(delivery: Delivery) -> None: ...


def test_what_was_emitted_is_told_after_the_commit(register: Register, listen: Callable[[Signal], Heard]) -> None:
    event_rule("said", actions=[{"action": register(nothing)}])
    heard = listen(occurrences_emitted)
    with transaction.atomic():
        emit("said", {}, source="tests", id="1")
        assert heard == []
    emit_many([{"type": name, "data": {}, "source": "tests", "id": "1"} for name in ("said", "unheard")])
    first, second = heard
    assert [(name, result.occurrence is not None) for name, result in first["results"]] == [("said", True)]
    assert [(name, result.duplicate) for name, result in second["results"]] == [("said", True), ("unheard", False)]
    assert first["duration"] > 0
    assert first["using"] == "default"


def test_what_was_rolled_back_is_not_told(register: Register, listen: Callable[[Signal], Heard]) -> None:
    heard = listen(occurrences_emitted)
    with transaction.atomic():
        emit("said", {}, source="tests")
        transaction.set_rollback(True)
    assert heard == []


def test_claimed_deliveries_are_told_together(register: Register, listen: Callable[[Signal], Heard]) -> None:
    name, heard = register(nothing), listen(deliveries_claimed)
    made = {make_delivery(name).pk for _ in range(3)}
    Worker().run_once()
    (told,) = heard
    assert {delivery.pk for delivery in told["deliveries"]} == made


@pytest.mark.parametrize("atomic", [True, False])
@pytest.mark.parametrize(
    ("raised", "outcome"), [(None, "done"), (ValueError(), "retry"), (Retry(after=9), "retry"), (Reject("no"), "dead")]
)
def test_how_an_attempt_ended_is_told_once_it_is_committed(
    register: Register, listen: Callable[[Signal], Heard], atomic: bool, raised: Exception | None, outcome: str
) -> None:
    def act(delivery: Delivery) -> None:
        if raised:
            raise raised

    states: list[str] = []
    made, heard = make_delivery(register(act, atomic=atomic)), listen(deliveries_ended)

    def look(**_: object) -> None:
        assert not transaction.get_connection().in_atomic_block
        states.append(fresh(made).state)

    deliveries_ended.connect(look)
    try:
        Worker().run_once()
    finally:
        deliveries_ended.disconnect(look)
    ((ending,),) = [told["endings"] for told in heard]
    assert (ending.delivery.pk, ending.outcome) == (made.pk, outcome)
    assert ending.duration >= 0
    assert states == [fresh(made).state]


def test_one_whose_worker_died_is_told_as_lost(register: Register, listen: Callable[[Signal], Heard]) -> None:
    lost, heard = make_delivery(register(nothing), state="running", attempts=1), listen(deliveries_ended)
    let_lease_run_out(lost)
    Worker().run_once()
    assert [ending.outcome for told in heard for ending in told["endings"]] == ["lost", "done"]


def test_a_receiver_that_fails_stops_nothing(register: Register, caplog: pytest.LogCaptureFixture) -> None:
    def fail(**_: object) -> None:
        raise ZeroDivisionError

    made = make_delivery(register(nothing))
    for signal in (deliveries_claimed, deliveries_ended):
        signal.connect(fail)
    try:
        Worker().run_once()
    finally:
        for signal in (deliveries_claimed, deliveries_ended):
            signal.disconnect(fail)
    assert fresh(made).state == "done"
    assert "ZeroDivisionError" in caplog.text


class Kept:
    """Measures as a list of what was noted."""

    def __init__(self) -> None:
        self.noted: list[tuple[Any, ...]] = []

    def emitted(self, type: str, result: str) -> None:  # noqa: A002
        self.noted.append(("emitted", type, result))

    def emitting_took(self, seconds: float) -> None:
        assert seconds > 0

    def claimed(self, action: str, lag: float) -> None:
        self.noted.append(("claimed", action, int(lag)))

    def ended(self, action: str, outcome: str, duration: float | None) -> None:
        assert duration is not None
        self.noted.append(("ended", action, outcome))


def test_the_signals_come_to_measures_with_the_lag_by_the_databases_clock(register: Register) -> None:
    name, measures = register(nothing), Kept()
    event_rule("said", actions=[{"action": name}])
    with kept(measures):
        emit("said", {}, source="tests", id="1")
        emit("said", {}, source="tests", id="1")
        emit("unheard", {}, source="tests")
        Delivery.objects.update(due=DatabaseNow(timedelta(seconds=-100.5)))
        Worker().run_once()
    emit("said", {}, source="tests")
    assert measures.noted == [
        ("emitted", "said", "recorded"),
        ("emitted", "said", "duplicate"),
        ("emitted", "unheard", "unmatched"),
        ("claimed", name, 100),
        ("ended", name, "done"),
    ]
