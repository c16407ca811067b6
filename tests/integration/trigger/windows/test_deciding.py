"""Events of rules with windows, from `emit` to their deliveries."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from detent.testing import deliver_all
from detent.trigger import Delivery, TriggerEvent, emit, emit_many
from detent.trigger.configuration.trigger_rule import TriggerRuleConfiguration
from detent.trigger.models import Window
from detent.trigger.windows import deciding
from detent.trigger.windows.deciding import decide
from detent.trigger.windows.outcomes import (
    CANCELLED,
    COUNTED,
    DEBOUNCED,
    FIRED,
    HEARD,
    HELD,
    THROTTLED,
    WAITING,
)
from tests.integration.trigger.factories import event_rule, make_rule, rule_type, statements
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
from tests.shop.models import Order

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)

hinted: list[int] = []


class Hints:
    """A dispatcher that keeps what it is told."""

    def hint(self, delivery_ids: list[int], using: str) -> None:
        hinted.extend(delivery_ids)


def test_an_event_of_a_rule_with_a_window_waits_under_its_key_and_has_no_deliveries(note: dict[str, Any]) -> None:
    windowed_rule(note, throttle=THROTTLE)
    event = TriggerEvent.objects.get(pk=happen(customer="C7"))
    assert (event.outcome, event.window_key, event.window_part) == (WAITING, '"C7"', "")
    assert delivered_for() == []


def test_emitting_costs_no_more_statements_for_a_window(note: dict[str, Any]) -> None:
    event_rule("plain", actions=[note])
    windowed_rule(note, throttle=THROTTLE)
    data = {"order": 1, "customer": "C7"}
    emit("plain", data, source="shop")
    with statements() as plain:
        emit("plain", data, source="shop")
    with statements() as windowed:
        emit("order.paid", data, source="shop")
    assert len(windowed) == len(plain) - 1, "the deliveries are written later"


def test_a_worker_that_has_nothing_to_decide_asks_once() -> None:
    with statements() as asked:
        assert decide("default") == 0
    assert len(asked) == 1


def test_a_throttled_rule_runs_its_actions_as_often_as_the_limit_allows_for_each_key(note: dict[str, Any]) -> None:
    windowed_rule(note, throttle=THROTTLE)
    first, second, other = happen(customer="C7"), happen(customer="C7"), happen(customer="C8")
    assert deliver_all() == 2
    assert outcomes(first, second, other) == [FIRED, THROTTLED, FIRED]
    assert delivered_for() == [first, other]
    let_pass(HOUR)
    third = happen(customer="C7")
    decide("default")
    assert outcomes(third) == [FIRED]


def test_events_are_decided_in_the_order_in_which_they_occurred(note: dict[str, Any]) -> None:
    windowed_rule(note, throttle=THROTTLE)
    later, earlier = happen(ago=MINUTE), happen(ago=2 * MINUTE)
    decide("default")
    assert outcomes(earlier, later) == [FIRED, THROTTLED]


def test_keys_that_differ_by_case_or_by_type_are_different(note: dict[str, Any]) -> None:
    windowed_rule(note, throttle=THROTTLE)
    events = [happen(customer=customer) for customer in ("c7", "C7", "7", 7, "é", "e")]
    decide("default")
    assert outcomes(*events) == [FIRED] * 6


def test_what_fires_has_the_deliveries_that_emit_would_have_written(note: dict[str, Any]) -> None:
    plan = {"actions": [note, note], "delivery": {"attempts": 3, "priority": 7}}
    event_rule("order.paid", name="plain", **plan)
    event_rule("order.paid", name="windowed", throttle=THROTTLE, **plan)
    emit("order.paid", {"order": 1, "customer": "C7"}, source="shop")
    decide("default")
    fields = [field.attname for field in Delivery._meta.concrete_fields if field.name not in ("id", "created", "due")]
    fields = [name for name in fields if name not in ("event_id", "lineage")]
    of_rule = [
        list(Delivery.objects.filter(event__rule__name=name).order_by("position").values_list(*fields))
        for name in ("plain", "windowed")
    ]
    assert of_rule[0] == of_rule[1]
    assert len(of_rule[1]) == 2


@pytest.mark.django_db(transaction=True)
def test_the_dispatcher_is_told_of_what_fires(note: dict[str, Any]) -> None:
    hinted.clear()
    with override_settings(DETENT={"DISPATCHER": f"{__name__}.Hints"}):
        windowed_rule(note, throttle=THROTTLE)
        happen()
        assert hinted == []
        decide("default")
    assert hinted == list(Delivery.objects.values_list("pk", flat=True)) != []


@pytest.mark.parametrize("customer", [None, {"id": 7}, ["C7"]])
def test_an_event_without_a_key_has_failed_and_says_why(note: dict[str, Any], customer: object) -> None:
    windowed_rule(note, throttle=THROTTLE)
    event = TriggerEvent.objects.get(pk=happen(customer=customer))
    decide("default")
    event.refresh_from_db()
    assert event.outcome == TriggerEvent.FAILED
    assert "by: ${data.customer} gives" in event.reason
    assert delivered_for() == []


def test_an_event_whose_key_is_missing_stops_neither_other_rules_nor_the_caller(note: dict[str, Any]) -> None:
    windowed_rule(note, throttle=THROTTLE)
    plain = event_rule("order.paid", actions=[note])
    emitted = emit("order.paid", {"order": 1}, source="shop")
    assert [event.rule_id for event in emitted.events] == [plain.pk]
    assert "by: ${data.customer} cannot be told" in emitted.failures[0].reason


def test_by_default_the_subject_is_the_key(note: dict[str, Any]) -> None:
    windowed_rule(note, throttle={"limit": 1, "per": "PT1H"})
    emissions = [
        {"type": "order.paid", "data": {"order": number}, "source": "shop", "subject": subject}
        for number, subject in enumerate(["a", "b", "a", ""])
    ]
    events = [emitted.events[0].pk for emitted in emit_many(emissions)]
    decide("default")
    assert outcomes(*events) == [FIRED, FIRED, THROTTLED, FIRED]


def test_a_debounced_rule_fires_for_the_last_of_a_burst_when_it_has_been_quiet(note: dict[str, Any]) -> None:
    windowed_rule(note, debounce=DEBOUNCE)
    events = [happen(), happen(), happen()]
    decide("default")
    assert outcomes(*events) == [HELD, DEBOUNCED, HELD]
    assert delivered_for() == []
    let_pass(HOUR)
    assert decide("default") == 2
    assert outcomes(*events) == [DEBOUNCED, DEBOUNCED, FIRED]
    assert delivered_for() == [events[-1]]


def test_a_threshold_fires_at_the_nth_and_starts_again(note: dict[str, Any]) -> None:
    windowed_rule(note, threshold=THRESHOLD)
    events = [happen() for _ in range(4)]
    decide("default")
    assert outcomes(*events) == [COUNTED, FIRED, COUNTED, FIRED]
    assert delivered_for() == [events[1], events[3]]


def test_an_absence_fires_unless_what_would_be_missed_came_under_the_same_key(note: dict[str, Any]) -> None:
    windowed_rule(note, absence=ABSENCE)
    missing, answered = happen(customer="C7"), happen(customer="C8")
    decide("default")
    shipped = happen("order.shipped", customer="C8")
    decide("default")
    assert outcomes(missing, answered, shipped) == [HELD, CANCELLED, HEARD]
    let_pass(HOUR)
    decide("default")
    assert outcomes(missing) == [FIRED]
    assert delivered_for() == [missing]


def test_what_comes_in_time_cancels_even_if_the_worker_is_late(note: dict[str, Any]) -> None:
    """Both are there when the worker looks for the first time, long after all was due."""
    windowed_rule(note, absence=ABSENCE)
    opened, shipped = happen(ago=3 * HOUR), happen("order.shipped", ago=2.5 * HOUR)
    decide("default")
    assert outcomes(opened, shipped) == [CANCELLED, HEARD]


def test_a_heartbeat_that_is_its_own_absence_fires_when_it_stops(note: dict[str, Any]) -> None:
    windowed_rule(note, absence={**ABSENCE, "of": {"type": ["order.paid"]}})
    beats = [happen(ago=MINUTE), happen()]
    decide("default")
    assert outcomes(*beats) == [CANCELLED, HELD]
    let_pass(HOUR)
    decide("default")
    assert outcomes(*beats) == [CANCELLED, FIRED]


def test_an_order_that_is_not_paid_in_time_is_chased(note: dict[str, Any]) -> None:
    """The rule of the tour: a TRANSITION rule, whose absence asks for another transition of the same object."""
    configuration = {
        "version": "1.0",
        "model": "shop.order",
        "to": ["placed"],
        "absence": {"of": {"data": {"model": ["shop.order"], "to": ["paid"]}}, "by": "${subject}", "within": "PT24H"},
        "actions": [{**note, "input": {"order": "${data.pk}"}}],
    }
    make_rule("TRANSITION", configuration)
    paid, unpaid = (Order.objects.create(customer="C7", total=1) for _ in range(2))
    paid.place()
    unpaid.place()
    decide("default")
    paid.pay(amount=1)
    decide("default")
    let_pass(24 * HOUR)
    decide("default")
    (delivery,) = Delivery.objects.all()
    assert delivery.event.occurrence is not None
    assert delivery.event.occurrence.subject == str(unpaid.pk)


def test_what_would_be_missed_does_not_ask_the_rules_own_condition(note: dict[str, Any]) -> None:
    class Choosy(TriggerRuleConfiguration):
        def validate(self) -> None: ...

        def pattern(self) -> dict[str, Any]:
            return {"type": ["order.paid"]}

        def applies_to(self, document: Any) -> bool:
            return bool(document["data"]["customer"] == "C7")

    with rule_type("CHOOSY", Choosy):
        make_rule("CHOOSY", {"absence": {**ABSENCE, "by": "all"}, "actions": [note]})
        assert emit("order.paid", {"order": 1, "customer": "C8"}, source="shop").events == ()
        parts = TriggerEvent.objects.filter(pk__in=[happen(), happen("order.shipped", customer="C8")]).order_by("pk")
        assert list(parts.values_list("window_part", flat=True)) == ["open", "end"]


def test_there_are_rows_for_windows_only_as_long_as_something_is_held(note: dict[str, Any]) -> None:
    windowed_rule(note, throttle=THROTTLE)
    windowed_rule(note, debounce={**DEBOUNCE, "by": "${data.order}"})
    for _ in range(3):
        emit("order.paid", {"order": 1, "customer": "C7"}, source="shop")
    assert decide("default") > 0
    assert list(Window.objects.values_list("key", flat=True)) == ["1"]
    let_pass(HOUR)
    decide("default")
    assert not Window.objects.exists()


def test_a_row_that_a_worker_left_behind_is_removed() -> None:
    """It had died after making the row, when another had decided everything."""
    rule = event_rule()
    deciding.ensure_rows("default", [deciding.Key(rule.lineage, '"C7"')])
    assert decide("default") == 0
    assert not Window.objects.exists()


def test_more_events_of_one_key_than_are_decided_at_once_are_decided_in_one_turn(note: dict[str, Any]) -> None:
    windowed_rule(note, threshold={**THRESHOLD, "count": 10})
    emit_many(
        {"type": "order.paid", "data": {"order": number, "customer": "C7"}, "source": "shop"} for number in range(2500)
    )
    assert decide("default") >= 2500
    assert len(delivered_for()) == 250


def test_a_burst_of_more_events_than_are_decided_at_once_is_one_burst(note: dict[str, Any]) -> None:
    """As after a time without workers, when all of it is over."""
    windowed_rule(note, debounce={**DEBOUNCE, "quiet": "PT1S"})
    start = timezone.now() - HOUR
    emit_many(
        {
            "type": "order.paid",
            "data": {"order": number, "customer": "C7"},
            "source": "shop",
            "occurred": start + timedelta(milliseconds=number),
        }
        for number in range(2500)
    )
    decide("default")
    (fired,) = delivered_for()
    assert TriggerEvent.objects.get(pk=fired).occurred == start + timedelta(milliseconds=2499)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_in_the_middle_has_decided_nothing(
    note: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    windowed_rule(note, throttle=THROTTLE)
    first, second = happen(), happen()

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(deciding, "settle", die)
        with pytest.raises(KeyboardInterrupt):
            decide("default")
    assert outcomes(first, second) == [WAITING, WAITING]
    assert delivered_for() == []
    decide("default")
    assert outcomes(first, second) == [FIRED, THROTTLED]
    assert delivered_for() == [first]


def test_events_of_a_type_that_this_process_does_not_know_wait_for_one_that_does(note: dict[str, Any]) -> None:
    class Plain(TriggerRuleConfiguration):
        def validate(self) -> None: ...

        def pattern(self) -> dict[str, Any]:
            return {"type": ["plain"]}

    with rule_type("PLAIN", Plain):
        make_rule("PLAIN", {"throttle": THROTTLE, "actions": [note]})
        make_rule("PLAIN", {"debounce": DEBOUNCE, "actions": [note]})
        emitted = emit("plain", {"order": 1, "customer": "C7"}, source="shop", occurred=None)
        unknown, held = (event.pk for event in emitted.events)
        TriggerEvent.objects.filter(pk=held).update(outcome=HELD)
        deciding.ensure_rows("default", [deciding.Key(event.lineage, '"C7"') for event in emitted.events[1:]])
    windowed_rule(note, throttle=THROTTLE)
    known = happen()
    decide("default")
    assert outcomes(unknown, held, known) == [WAITING, HELD, FIRED]
    with rule_type("PLAIN", Plain):
        let_pass(2 * HOUR)
        decide("default")
    assert outcomes(unknown, held) == [FIRED, FIRED]


def test_events_of_a_rule_that_is_invalid_by_now_have_failed_and_say_why(note: dict[str, Any]) -> None:
    """As after an update of the app that brought its type."""
    rule = windowed_rule(note, throttle=THROTTLE)
    event, broken = happen(), {**rule.configuration, "throttle": {"limit": 0}}
    rule.configuration = broken
    rule.save_base(update_fields=["configuration"])
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("detent.trigger.windows.revisions.current_ruleset", lambda using: _NoRules)
        decide("default")
    stored = TriggerEvent.objects.get(pk=event)
    assert stored.outcome == TriggerEvent.FAILED
    assert "throttle" in stored.reason


class _NoRules:
    rules: dict[int, Any] = {}
