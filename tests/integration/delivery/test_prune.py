"""What is long over can be forgotten; what is not, or is held by anything, stays."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from detent.trigger import emit
from detent.trigger.delivery import prune as prune_module
from detent.trigger.delivery.database_clock import DatabaseNow
from detent.trigger.delivery.prune import Pruned, prune
from detent.trigger.models import Attempt, Delivery, Occurrence, TriggerEvent
from detent.trigger.windows.deciding import decide
from pipeline.models import Run
from tests.integration.delivery.factories import make_delivery
from tests.integration.trigger.factories import event_rule

pytestmark = pytest.mark.django_db

AGE = timedelta(days=90)
LONG_AGO = timedelta(days=-91)


def make_old(state: str = "done") -> Delivery:
    """Make a delivery that has been over for longer than the age, with an attempt, an event and an occurrence."""
    made = make_delivery("any", state=state, finished=DatabaseNow(LONG_AGO))
    Attempt.objects.create(delivery=made, number=1, epoch=1, started=timezone.now(), outcome=state)
    Occurrence.objects.filter(events=made.event).update(recorded=DatabaseNow(LONG_AGO))
    TriggerEvent.objects.filter(pk=made.event_id).update(occurred=DatabaseNow(LONG_AGO))
    return made


def rows() -> tuple[int, int, int, int]:
    return tuple(model.objects.count() for model in (Delivery, Attempt, TriggerEvent, Occurrence))  # type: ignore[return-value]


@pytest.mark.parametrize("state", ["done", "cancelled"])
def test_what_is_long_over_goes_with_its_attempts_its_event_and_its_occurrence(state: str) -> None:
    make_old(state)
    assert prune("default", AGE) == Pruned(1, 1, 1)
    assert rows() == (0, 0, 0, 0)


@pytest.mark.parametrize("state", ["held", "waiting", "running", "dead"])
def test_what_is_not_over_stays_with_its_event_and_its_occurrence(state: str) -> None:
    make_old(state)
    assert prune("default", AGE) == Pruned(0, 0, 0)
    assert rows() == (1, 1, 1, 1)


def test_what_ended_lately_stays() -> None:
    make_old()
    Delivery.objects.update(finished=DatabaseNow(timedelta(days=-89)))
    assert prune("default", AGE) == Pruned(0, 0, 0)


def test_an_event_stays_for_another_delivery_of_its_own() -> None:
    first = make_old()
    Delivery.objects.create(event=first.event, position=1, action="any")
    assert prune("default", AGE) == Pruned(1, 0, 0)
    assert rows() == (1, 0, 1, 1)


def test_an_event_that_a_row_of_ones_own_points_to_stays_with_its_occurrence() -> None:
    made = make_old()
    run = Run.objects.create(folder="/", event=made.event)
    assert prune("default", AGE) == Pruned(1, 0, 0)
    assert Run.objects.get() == run


def test_an_old_event_without_rule_and_occurrence_goes() -> None:
    TriggerEvent.objects.create_trigger_event("USER", None, {}, timezone.now() - AGE * 2)
    assert prune("default", AGE) == Pruned(0, 1, 0)


def test_a_dry_run_says_the_same_and_removes_nothing() -> None:
    made = [make_old() for _ in range(3)]
    Run.objects.create(folder="/", event=made[0].event)
    make_old("dead")
    before = rows()
    counted = prune("default", AGE, dry_run=True)
    assert counted == Pruned(3, 2, 2)
    assert rows() == before
    assert prune("default", AGE) == counted


def test_it_goes_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prune_module, "AT_ONCE", 2)
    for _ in range(5):
        make_old()
    assert prune("default", AGE) == Pruned(5, 5, 5)
    assert rows() == (0, 0, 0, 0)


def test_the_command_says_what_it_removed() -> None:
    make_old()
    output = io.StringIO()
    call_command("detent", "prune", "--older-than", "P90D", "--dry-run", stdout=output)
    call_command("detent", "prune", "--older-than", "P90D", stdout=output)
    assert output.getvalue() == (
        "1 deliveries, 1 events and 1 occurrences would be removed.\n"
        "1 deliveries, 1 events and 1 occurrences removed.\n"
    )


def test_a_period_that_is_none_is_refused_and_nothing_removed() -> None:
    make_old()
    with pytest.raises(CommandError, match="90 days"):
        call_command("detent", "prune", "--older-than", "90 days")
    assert rows() == (1, 1, 1, 1)


@pytest.mark.parametrize("outcome", ["waiting", "held"])
def test_an_event_that_waits_for_its_window_stays(outcome: str) -> None:
    made = TriggerEvent.objects.create_trigger_event("USER", None, {}, timezone.now() - AGE * 2)
    TriggerEvent.objects.filter(pk=made.pk).update(outcome=outcome)
    assert prune("default", AGE) == Pruned(0, 0, 0)


@pytest.mark.parametrize(
    ("window", "outcomes"),
    [
        ({"throttle": {"limit": 1, "per": "P120D"}}, ["", "throttled"]),
        ({"threshold": {"count": 2, "within": "P120D"}}, ["counted", ""]),
    ],
)
def test_what_a_window_still_counts_stays(window: dict[str, Any], outcomes: list[str]) -> None:
    """However old it is: a throttle for 120 days holds for 120 days."""
    event_rule("order.paid", **window)
    emit("order.paid", {}, source="shop", occurred=timezone.now() + LONG_AGO)
    decide("default")
    Occurrence.objects.update(recorded=DatabaseNow(LONG_AGO))
    assert prune("default", AGE, dry_run=True) == prune("default", AGE) == Pruned(0, 0, 0)
    emit("order.paid", {}, source="shop")
    decide("default")
    assert list(TriggerEvent.objects.order_by("occurred").values_list("outcome", flat=True)) == outcomes


def test_what_no_window_counts_any_more_goes() -> None:
    event_rule("order.paid", throttle={"limit": 1, "per": "P90D"})
    emit("order.paid", {}, source="shop", occurred=timezone.now() + LONG_AGO)
    decide("default")
    Occurrence.objects.update(recorded=DatabaseNow(LONG_AGO))
    assert prune("default", AGE) == Pruned(0, 1, 1)
