"""Processors: what an app has done at each event of a clock rule, found by the rule's name."""

from typing import Any, ClassVar

import pytest

import trigger.clock
from detent.trigger import TriggerEvent, TriggerRule, action
from detent.trigger.actions import actions
from detent.trigger.clock import ClockEventError, ClockEventProcessor, perform_tick, register_processor
from detent.trigger.clock.processors import InvalidProcessor, UnknownProcessor, processor_named
from detent.trigger.delivery.worker import Worker
from detent.trigger.models import Delivery
from tests.integration.clock.conftest import FakeClock
from tests.integration.clock.factories import clock_rule
from tests.integration.trigger.factories import stored_rule

pytestmark = pytest.mark.django_db

Call = tuple[object, TriggerEvent, TriggerEvent | None]


@pytest.fixture(autouse=True)
def registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no processors, and none that is left after the test."""
    monkeypatch.setattr("detent.trigger.clock.processors._registered", {})
    Noting.calls = []


class Noting(ClockEventProcessor):
    """Notes how it was called."""

    calls: ClassVar[list[Call]] = []

    def process_event(self, event: TriggerEvent, last_event: TriggerEvent | None = None) -> None:
        self.calls.append((self, event, last_event))


class Failing(ClockEventProcessor):
    """Cannot do its work."""

    def process_event(self, event: TriggerEvent, last_event: TriggerEvent | None = None) -> None:
        stored_rule("EVENT", {}, "made before it failed")
        raise ClockEventError("no metrics yet")


def work_at(clock: FakeClock, time: str) -> None:
    """Let a worker look at a time of the day."""
    clock.set(time)
    Worker().run_until_idle()


def test_a_processor_gets_each_event_of_the_rules_of_its_name_and_the_one_before(clock: FakeClock) -> None:
    """With the moment that was scheduled."""
    register_processor("metrics", Noting)
    rule = clock_rule(name="metrics")
    clock_rule(name="others")
    work_at(clock, "13:10")
    work_at(clock, "14:10")
    first, second = TriggerEvent.objects.filter(rule=rule).order_by("occurred")
    assert [(event, last) for _, event, last in Noting.calls] == [(first, None), (second, first)]
    assert [(event.occurred.hour, event.description["missed"]) for event in (first, second)] == [(13, 0), (14, 0)]


def test_it_is_made_anew_for_each_event(clock: FakeClock) -> None:
    register_processor("metrics", Noting)
    clock_rule(name="metrics", misfire="all")
    work_at(clock, "14:10")
    assert len({id(processor) for processor, _, _ in Noting.calls}) == 2


def test_the_event_before_may_be_of_an_earlier_revision(clock: FakeClock) -> None:
    register_processor("metrics", Noting)
    rule = clock_rule(name="metrics")
    work_at(clock, "13:10")
    newest = rule.revise({"event_type": "METRICS", "schedule": "PT2H"})
    work_at(clock, "14:10")
    _, event, last_event = Noting.calls[-1]
    assert (event.rule, last_event and last_event.rule) == (newest, rule)


def test_a_name_may_have_many_processors(clock: FakeClock) -> None:
    """Called in the order in which they were registered; the same class again is no other."""

    class Other(Noting):
        """Another one."""

    for each in (Other, Noting, Other):
        register_processor("metrics", each)
    clock_rule(name="metrics")
    work_at(clock, "13:10")
    assert [type(processor) for processor, _, _ in Noting.calls] == [Other, Noting]


def test_they_come_after_the_actions_of_the_rule(clock: FakeClock) -> None:
    calls: list[str] = []

    def note(delivery: Delivery) -> None:
        calls.append(f"action, {len(Noting.calls)} processed")

    register_processor("metrics", Noting)
    with actions.registered("test.note", note):
        clock_rule(name="metrics", actions=[{"action": "test.note"}])
        work_at(clock, "13:10")
    assert calls == ["action, 0 processed"]
    assert len(Noting.calls) == 1


def test_one_that_fails_is_logged_and_its_event_and_the_others_stay(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    """What it wrote before it failed is undone."""
    for each in (Failing, Noting):
        register_processor("metrics", each)
    rule = clock_rule(name="metrics")
    work_at(clock, "13:10")
    event = TriggerEvent.objects.get(rule=rule)
    assert [called_with for _, called_with, _ in Noting.calls] == [event]
    assert "Failing of clock rule metrics failed at event" in caplog.text
    assert not TriggerRule.objects.filter(name="made before it failed").exists()


def test_one_that_failed_is_called_again_for_the_same_event(clock: FakeClock) -> None:
    """The original's waited for the next slot."""
    register_processor("metrics", Failing)
    clock_rule(name="metrics")
    clock.set("13:10")
    Worker().run_once()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.action) == ("waiting", 1, "clock.process")
    assert "no metrics yet" in delivery.error


def test_one_that_this_process_does_not_have_waits_for_another(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    register_processor("metrics", Noting)
    clock_rule(name="metrics")
    clock.set("13:10")
    perform_tick()
    monkeypatch.setattr("detent.trigger.clock.processors._registered", {})
    Worker().run_once()
    delivery = Delivery.objects.get()
    assert delivery.state == "waiting"
    assert "Noting is registered here for clock rules named 'metrics'" in delivery.error


def test_it_runs_in_a_delivery_of_its_own_not_in_the_tick(clock: FakeClock) -> None:
    """A worker that dies between the two has lost nothing."""
    register_processor("metrics", Noting)
    clock_rule(name="metrics")
    clock.set("13:10")
    perform_tick()
    assert Noting.calls == []
    Worker().run_once()
    assert len(Noting.calls) == 1


def test_dispatchers_are_told_of_it(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    hinted: list[int] = []

    class Dispatcher:
        def hint(self, delivery_ids: list[int], using: str) -> None:
            hinted.extend(delivery_ids)

    monkeypatch.setattr("detent.trigger.occurrences.outbox.dispatcher", Dispatcher)
    register_processor("metrics", Noting)
    clock_rule(name="metrics")
    clock.set("13:10")
    with django_capture_on_commit_callbacks(execute=True):
        perform_tick()
    assert hinted == [Delivery.objects.get().pk]


@pytest.mark.parametrize(
    ("name", "processor"),
    [("", Noting), (None, Noting), ("metrics", Noting()), ("metrics", object), ("metrics", action)],
)
def test_what_cannot_be_a_processor_is_refused(name: str, processor: Any) -> None:
    with pytest.raises(InvalidProcessor, match="cannot be a processor"):
        register_processor(name, processor)


def test_a_processor_that_is_not_registered_is_named() -> None:
    with pytest.raises(UnknownProcessor, match=r"No processor shop\.Metrics is registered here"):
        processor_named("metrics", "shop.Metrics")


def test_the_drop_in_has_the_same_processors() -> None:
    """An app that was written for the original changes `job.clock` into `trigger.clock`."""
    assert (trigger.clock.register_processor, trigger.clock.ClockEventProcessor) == (
        register_processor,
        ClockEventProcessor,
    )


def test_a_tick_that_the_rules_window_drops_is_not_processed(clock: FakeClock) -> None:
    """A processor does with its event what the actions of the rule do: it waits for the window's decision."""
    register_processor("metrics", Noting)
    clock_rule(name="metrics", throttle={"limit": 1, "per": "P1D"})
    work_at(clock, "13:10")
    work_at(clock, "14:10")
    outcomes = list(TriggerEvent.objects.order_by("occurred").values_list("outcome", flat=True))
    assert (outcomes, len(Noting.calls)) == (["", "throttled"], 1)


def test_it_stands_in_the_line_of_the_rules_other_deliveries(clock: FakeClock) -> None:
    """A rule that orders its deliveries, or limits or pauses them, means those for processors too."""
    register_processor("metrics", Noting)
    rule = clock_rule(name="metrics", delivery={"order_by": "${type}", "concurrency": 1})
    work_at(clock, "13:10")
    (delivery,) = Delivery.objects.all()
    assert (delivery.lineage, delivery.number, delivery.concurrency) == (rule.lineage, 1, 1)
