"""What a window would do now, as a rule's explanation says it."""

from datetime import datetime
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from detent.trigger import TriggerEvent, TriggerRule
from detent.trigger.document import Document, document_of
from detent.trigger.models import Window
from detent.trigger.windows.deciding import decide
from detent.trigger.windows.forecast import Forecast, forecast
from detent.trigger.windows.outcomes import CANCELLED, COUNTED, FIRED, HEARD, HELD, REPEATED, THROTTLED
from tests.integration.trigger.factories import event_rule, statements
from tests.integration.trigger.windows.happenings import (
    ABSENCE,
    DEBOUNCE,
    HOUR,
    THRESHOLD,
    THROTTLE,
    happen,
    outcomes,
    windowed_rule,
)

pytestmark = pytest.mark.django_db


def sample(event_type: str = "order.paid", *, time: datetime | None = None, **data: Any) -> Document:
    return document_of(
        type=event_type, source="shop", subject="", id="1", time=time or timezone.now(), data={"order": 1, **data}
    )


def taken_in(event: int) -> Document:
    """Return the document of the occurrence that an event came of."""
    occurrence = TriggerEvent.objects.get(pk=event).occurrence
    assert occurrence is not None
    return occurrence.document()


def forecast_of(rule: TriggerRule, document: Document) -> Forecast:
    said = rule.explain(document).window
    assert said is not None
    return said


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ({"throttle": THROTTLE}, [FIRED, THROTTLED, THROTTLED]),
        ({"debounce": DEBOUNCE}, [HELD, HELD, HELD]),
        ({"threshold": {**THRESHOLD, "count": 3}}, ["counting", "counting", FIRED]),
        ({"absence": ABSENCE}, [HELD, REPEATED, REPEATED]),
    ],
)
def test_it_says_what_then_happens(note: dict[str, Any], window: dict[str, Any], expected: list[str]) -> None:
    rule = windowed_rule(note, **window)
    said = []
    for _ in expected:
        said.append(forecast_of(rule, sample(customer="C7")).outcome)
        event = happen(customer="C7")
        decide("default")
        assert outcomes(event) == [said[-1]]
    assert said == expected


def test_it_knows_of_events_that_no_worker_has_seen(note: dict[str, Any]) -> None:
    rule = windowed_rule(note, throttle=THROTTLE)
    happen(customer="C7")
    said = forecast_of(rule, sample(customer="C7"))
    assert said == Forecast("throttle", '"C7"', THROTTLED, "The limit of 1 in PT1H was reached.")
    assert str(said) == 'throttle, key "C7": throttled (The limit of 1 in PT1H was reached.)'
    assert forecast_of(rule, sample(customer="C8")).outcome == FIRED


def test_it_writes_nothing(note: dict[str, Any]) -> None:
    rule = windowed_rule(note, debounce=DEBOUNCE)
    happen(customer="C7")
    window = rule.get_configuration().window
    with statements() as asked:
        forecast(rule, window, sample(customer="C7"), "default", opens=True)
    assert {statement.split()[0] for statement in asked} == {"SELECT"}
    assert not any("FOR UPDATE" in statement for statement in asked)
    assert list(TriggerEvent.objects.values_list("outcome", flat=True)) == ["waiting"]
    assert not Window.objects.exists()


def test_it_says_when_the_window_would_be_due(note: dict[str, Any]) -> None:
    rule, now = windowed_rule(note, debounce=DEBOUNCE), timezone.now()
    assert forecast_of(rule, sample(customer="C7", time=now)).due == now + HOUR


def test_it_says_what_would_be_cancelled(note: dict[str, Any]) -> None:
    rule = windowed_rule(note, absence=ABSENCE)
    event = happen(customer="C7")
    decide("default")
    said = forecast_of(rule, sample("order.shipped", customer="C7"))
    assert (said.outcome, said.reason) == (HEARD, f"It cancelled event {event}.")
    assert str(said) == f'absence, key "C7", as what it waits for: heard (It cancelled event {event}.)'
    assert {CANCELLED, COUNTED}.isdisjoint(outcomes(event))


def test_a_document_without_a_key_would_fail(note: dict[str, Any]) -> None:
    rule = windowed_rule(note, throttle=THROTTLE)
    said = forecast_of(rule, sample())
    assert (said.key, said.outcome) == (None, "failed")
    assert "by: ${data.customer}" in said.reason


@pytest.mark.parametrize(("event_type", "part"), [("order.paid", "open"), ("order.shipped", "end")])
def test_it_says_which_part_a_document_has_in_an_absence(note: dict[str, Any], event_type: str, part: str) -> None:
    assert forecast_of(windowed_rule(note, absence=ABSENCE), sample(event_type, customer="C7")).part == part


def test_what_ends_the_absence_that_it_opens_has_both_parts(note: dict[str, Any]) -> None:
    heartbeat = {**ABSENCE, "of": {"type": ["order.paid"]}}
    assert forecast_of(windowed_rule(note, absence=heartbeat), sample(customer="C7")).part == "both"


def test_there_is_none_for_a_rule_without_a_window_or_a_document_that_does_not_concern_it(
    note: dict[str, Any],
) -> None:
    assert event_rule("order.paid").explain(sample()).window is None
    assert windowed_rule(note, throttle=THROTTLE).explain(sample("other")).window is None


def test_there_is_none_for_what_has_made_an_event_of_the_rule(note: dict[str, Any]) -> None:
    """It would count that event once more; what became of it stands there."""
    rule = windowed_rule(note, throttle=THROTTLE)
    event = happen(customer="C7")
    decide("default")
    explanation = rule.explain(taken_in(event))
    assert (explanation.window, explanation.sighting and explanation.sighting.event) == (None, event)


def test_a_draft_has_one_too(note: dict[str, Any]) -> None:
    draft = TriggerRule(type="EVENT", configuration=windowed_rule(note, throttle=THROTTLE).configuration)
    assert forecast_of(draft, sample(customer="C7")).outcome == FIRED


def test_a_revision_that_cannot_be_read_any_more_is_left_out(note: dict[str, Any]) -> None:
    rule = windowed_rule(note, throttle=THROTTLE)
    happen(customer="C7")
    newest = rule.revise(rule.configuration)
    QuerySet(TriggerRule).filter(pk=rule.pk).update(configuration={"version": "0"})
    assert forecast_of(newest, sample(customer="C7")).outcome == FIRED


def test_a_window_that_lets_nothing_through_keeps_the_rule_from_being_triggered(note: dict[str, Any]) -> None:
    rule = windowed_rule(note, throttle=THROTTLE)
    happen(customer="C7")
    throttled = rule.explain(sample(customer="C7"))
    assert (throttled.matched, throttled.triggered) == (True, False)
    said = "by its throttle the event would be throttled (The limit of 1 in PT1H was reached.)"
    assert throttled.obstacles == (said,)
    assert rule.explain(sample(customer="C8")).triggered


def test_what_would_wait_says_until_when(note: dict[str, Any]) -> None:
    rule, now = windowed_rule(note, debounce=DEBOUNCE), timezone.now()
    (said,) = rule.explain(sample(customer="C7", time=now)).obstacles
    assert said == f"by its debounce the event would be held until {now + HOUR:%Y-%m-%d %H:%M:%S} UTC"


def test_what_ends_an_absence_does_not_trigger_the_rule(note: dict[str, Any]) -> None:
    """Its pattern is another one; the window is told of all the same."""
    explanation = windowed_rule(note, absence=ABSENCE).explain(sample("order.shipped", customer="C7"))
    assert explanation.obstacles == ("its pattern is not met",)
    assert 'window: absence, key "C7", as what it waits for: heard' in str(explanation)


def test_it_is_data_and_a_line_of_the_text(note: dict[str, Any]) -> None:
    explanation = windowed_rule(note, throttle=THROTTLE).explain(sample(customer="C7"))
    assert 'window: throttle, key "C7": fired' in str(explanation).splitlines()
    expected = {"window": "throttle", "key": '"C7"', "outcome": "", "reason": "", "due": None, "part": ""}
    assert explanation.as_data()["window"] == expected
