"""A revision keeps the windows of its lineage."""

from typing import Any

import pytest

from detent.trigger import TriggerEvent, TriggerRule
from detent.trigger.windows.deciding import decide
from detent.trigger.windows.outcomes import (
    CANCELLED,
    COUNTED,
    DEBOUNCED,
    FIRED,
    HEARD,
    HELD,
    STOPPED,
    THROTTLED,
)
from tests.integration.trigger.windows.happenings import (
    ABSENCE,
    DEBOUNCE,
    HOUR,
    THRESHOLD,
    THROTTLE,
    delivered_for,
    happen,
    let_pass,
    outcomes,
    windowed_rule,
)

pytestmark = pytest.mark.django_db


def revised(rule: TriggerRule, **windows: Any) -> TriggerRule:
    """Revise a rule to have other windows."""
    kinds = ("throttle", "debounce", "threshold", "absence")
    kept = {key: value for key, value in rule.configuration.items() if key not in kinds}
    return rule.revise({**kept, **windows})


def test_what_fired_before_a_revision_counts_for_its_throttle(note: dict[str, Any]) -> None:
    rule = windowed_rule(note, throttle=THROTTLE)
    first = happen()
    decide("default")
    revised(rule, throttle={**THROTTLE, "limit": 2})
    second, third = happen(), happen()
    decide("default")
    assert outcomes(first, second, third) == [FIRED, FIRED, THROTTLED]


def test_an_event_that_waits_is_decided_by_the_revision_that_it_triggered(note: dict[str, Any]) -> None:
    rule = windowed_rule(note, throttle=THROTTLE)
    before = [happen(), happen()]
    revised(rule, throttle={**THROTTLE, "limit": 5})
    after = [happen(), happen()]
    decide("default")
    assert outcomes(*before, *after) == [FIRED, THROTTLED, FIRED, FIRED]
    assert TriggerEvent.objects.get(pk=before[0]).rule_id == rule.pk


def test_a_revision_that_drops_the_throttle_fires_at_once_and_one_that_has_it_again_remembers(
    note: dict[str, Any],
) -> None:
    rule = windowed_rule(note, throttle=THROTTLE)
    first, waiting = happen(), happen()
    dropped = revised(rule)
    free = happen()
    assert delivered_for() == [free]
    decide("default")
    assert outcomes(first, waiting, free) == [FIRED, THROTTLED, FIRED]
    revised(dropped, throttle=THROTTLE)
    again = happen()
    decide("default")
    assert outcomes(again) == [THROTTLED]


def test_a_count_goes_on_in_the_next_revision(note: dict[str, Any]) -> None:
    rule = windowed_rule(note, threshold={**THRESHOLD, "count": 3})
    first = happen()
    decide("default")
    revised(rule, threshold=THRESHOLD)
    second = happen()
    decide("default")
    assert outcomes(first, second) == [COUNTED, FIRED]


def test_a_burst_goes_on_in_the_next_revision(note: dict[str, Any]) -> None:
    rule = windowed_rule(note, debounce=DEBOUNCE)
    first = happen()
    decide("default")
    revised(rule, debounce={**DEBOUNCE, "quiet": "PT2H"})
    second = happen()
    decide("default")
    let_pass(HOUR)
    decide("default")
    assert outcomes(first, second) == [HELD, HELD]
    let_pass(HOUR)
    decide("default")
    assert outcomes(first, second) == [DEBOUNCED, FIRED]


@pytest.mark.parametrize("end", ["dropped", "archived"])
def test_a_burst_is_over_in_its_time_though_its_rule_has_no_window_any_more(note: dict[str, Any], end: str) -> None:
    """The event was triggered while it had one; its actions are those of that revision."""
    rule = windowed_rule(note, debounce=DEBOUNCE)
    event = happen()
    decide("default")
    if end == "dropped":
        revised(rule)
    else:
        rule.archive()
    let_pass(HOUR)
    decide("default")
    assert outcomes(event) == [FIRED]
    assert delivered_for() == [event]


def test_an_absence_goes_on_in_a_revision_that_hears_the_same(note: dict[str, Any]) -> None:
    rule = windowed_rule(note, absence=ABSENCE)
    missing, answered = happen(customer="C7"), happen(customer="C8")
    decide("default")
    revised(rule, absence={**ABSENCE, "within": "PT2H"})
    shipped = happen("order.shipped", customer="C8")
    let_pass(HOUR)
    decide("default")
    assert outcomes(missing, answered, shipped) == [FIRED, CANCELLED, HEARD]


@pytest.mark.parametrize(
    "windows", [{}, {"absence": {**ABSENCE, "of": {"type": ["other"]}}}, {"absence": {**ABSENCE, "by": "all"}}]
)
def test_an_absence_that_nobody_listens_for_any_more_does_not_fire(
    note: dict[str, Any], windows: dict[str, Any]
) -> None:
    rule = windowed_rule(note, absence=ABSENCE)
    event = happen()
    decide("default")
    revised(rule, **windows)
    let_pass(HOUR)
    decide("default")
    assert outcomes(event) == [STOPPED]
    assert delivered_for() == []
    assert "nobody heard" in TriggerEvent.objects.get(pk=event).reason


def test_an_absence_whose_rule_was_archived_does_not_fire(note: dict[str, Any]) -> None:
    rule = windowed_rule(note, absence=ABSENCE)
    event = happen()
    rule.archive()
    let_pass(HOUR)
    decide("default")
    assert outcomes(event) == [STOPPED]
