"""Windows while many processes emit and many workers decide, some of which are killed."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from subprocess import Popen
from typing import Any

import pytest

from detent.trigger import TriggerEvent, TriggerRule, get_trigger_rule_handler
from detent.trigger.models import Delivery, Window
from detent.trigger.windows.outcomes import COUNTED, COUNTING, DEBOUNCED, FIRED, THROTTLED, UNDECIDED, WAITING
from tests.chaos import window_emitter
from tests.chaos.actions import TALLY
from tests.chaos.test_delivery import WORKER
from tests.child import child_process, kill_group, same_database
from tests.shop.models import Machine
from tests.waiting import PATIENCE_SECONDS, wait_until

pytestmark = pytest.mark.django_db(transaction=True)

EMITTERS = 3
WORKERS = 3
KEYS = 5
COUNT_OF_EACH = 40
ALL = EMITTERS * KEYS * COUNT_OF_EACH
# Long ago, so that no burst waits for the clock.
START = datetime(2026, 1, 1, tzinfo=UTC)
LIMIT, PER = 3, timedelta(milliseconds=10)
THRESHOLD = 7


@pytest.fixture
def start() -> Iterator[Callable[..., "Popen[str]"]]:
    """Start processes; what is left of them ends with the test."""
    with ExitStack() as stack:
        environment = {**same_database(), "DJANGO_SETTINGS_MODULE": "tests.chaos.settings"}
        yield lambda *arguments: stack.enter_context(child_process(*arguments, environment=environment))


def rule_with(**window: Any) -> TriggerRule:
    configuration = {
        "version": "1.0",
        "pattern": {"type": [window_emitter.EVENT_TYPE]},
        "actions": [{"action": TALLY, "input": {"number": "${data.number}"}}],
        **window,
    }
    return get_trigger_rule_handler("EVENT").create_trigger_rule(configuration)


def start_emitters(start: Callable[..., "Popen[str]"]) -> list["Popen[str]"]:
    """Start the emitters, and let them go when all are ready."""
    numbers = [str(number) for number in range(EMITTERS)]
    figures = (str(COUNT_OF_EACH), str(KEYS), START.isoformat())
    emitters = [start("-m", window_emitter.__name__, number, *figures) for number in numbers]
    for process in emitters:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in emitters:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return emitters


def start_workers(start: Callable[..., "Popen[str]"]) -> list["Popen[str]"]:
    return [start(*WORKER, "--name", f"worker{number}") for number in range(WORKERS)]


def wait_for_the_end(emitters: list["Popen[str]"]) -> None:
    for process in emitters:
        assert process.stdout is not None
        assert process.stdout.readline() == "emitted\n", process.stdout.read()
    waiting = TriggerEvent.objects.filter(outcome__in=UNDECIDED)
    wait_until(lambda: not waiting.exists(), "every event decided")
    undone = Delivery.objects.exclude(state="done")
    wait_until(lambda: not undone.exists(), "every delivery done")


def events(rule: TriggerRule) -> Counter[str]:
    return Counter(TriggerEvent.objects.filter(rule=rule).values_list("outcome", flat=True))


def fired_times(rule: TriggerRule, key: int) -> list[datetime]:
    fired = TriggerEvent.objects.filter(rule=rule, outcome=FIRED, window_key=f'"{key}"')
    return list(fired.order_by("occurred").values_list("occurred", flat=True))


def assert_each_fired_once(*rules: TriggerRule) -> None:
    """Each event that fired has one delivery, and its effect was there once."""
    fired = TriggerEvent.objects.filter(rule__in=rules, outcome=FIRED)
    assert sorted(Delivery.objects.values_list("event", flat=True)) == sorted(fired.values_list("pk", flat=True))
    effects = Counter(int(name) for name in Machine.objects.values_list("name", flat=True))
    asked = Counter(event.occurrence.data["number"] for event in fired.select_related("occurrence") if event.occurrence)
    assert effects == asked


def test_many_emitters_and_workers_decide_each_event_once_and_within_the_limits(
    start: Callable[..., "Popen[str]"],
) -> None:
    throttled = rule_with(throttle={"limit": LIMIT, "per": "PT0.01S"})
    counted = rule_with(threshold={"count": THRESHOLD, "within": "P1D"})
    start_workers(start)
    wait_for_the_end(start_emitters(start))
    assert_each_fired_once(throttled, counted)
    of_throttled, of_counted = events(throttled), events(counted)
    assert of_throttled.keys() == {FIRED, THROTTLED}
    assert of_throttled.total() == of_counted.total() == ALL
    for key in range(KEYS):
        times = fired_times(throttled, key)
        assert all(later - earlier >= PER for earlier, later in zip(times, times[LIMIT:], strict=False))
        # One burst may be cut short by another that was decided before it, but each stretch has had its chance.
        assert len(times) >= COUNT_OF_EACH // 20 * LIMIT
    of_each = EMITTERS * COUNT_OF_EACH
    assert of_counted[FIRED] == of_each // THRESHOLD * KEYS
    assert of_counted[COUNTED] == of_counted[FIRED] * (THRESHOLD - 1)
    assert of_counted[COUNTING] == of_each % THRESHOLD * KEYS
    assert not Window.objects.exists()


def test_workers_that_are_killed_decide_nothing_twice_and_lose_nothing(start: Callable[..., "Popen[str]"]) -> None:
    counted = rule_with(threshold={"count": THRESHOLD, "within": "P1D"})
    debounced = rule_with(debounce={"quiet": "PT0.5S"})
    workers = start_workers(start)
    emitters = start_emitters(start)
    decided = TriggerEvent.objects.filter(rule=counted).exclude(outcome=WAITING)
    for number, victim in enumerate(workers):
        wait_until(lambda: decided.count() >= 20 * (number + 1), "some events decided")  # noqa: B023
        kill_group(victim)
        assert victim.wait(PATIENCE_SECONDS) < 0
        start(*WORKER, "--name", f"follower{number}")
    wait_for_the_end(emitters)
    assert_each_fired_once(counted, debounced)
    of_counted, of_debounced = events(counted), events(debounced)
    assert of_counted[FIRED] == EMITTERS * COUNT_OF_EACH // THRESHOLD * KEYS
    assert of_counted.total() == of_debounced.total() == ALL
    assert of_debounced.keys() == {FIRED, DEBOUNCED}
    last = START + timedelta(milliseconds=COUNT_OF_EACH - 1)
    assert all(last in fired_times(debounced, key) for key in range(KEYS))
