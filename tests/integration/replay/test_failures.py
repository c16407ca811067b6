"""Rules that fail in a replay, and replays that are cut short."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest

from detent.trigger import Occurrence, TriggerEvent, TriggerRule, replay
from detent.trigger.document import Document
from detent.trigger.occurrences.evaluation import evaluate
from detent.trigger.occurrences.outbox import Triggered, write_again
from detent.trigger.ruleset import current_ruleset
from detent.trigger.types.event import EventConfiguration
from tests.child import child_process, same_database
from tests.integration.replay.factories import happened, paid_configuration, paid_rule, triggered_by
from tests.integration.trigger.factories import make_rule, note_action, rule_type

pytestmark = pytest.mark.django_db
REPLAY_AND_STOP = """
import django
django.setup()
from detent.trigger import replay
def stop(report):
    if report.looked_at == 20:
        print("stopped", flush=True)
        input()
replay(batch_size=10, progress=stop)
"""


class Choosy(EventConfiguration):
    """A configuration with a condition of its own that cannot judge some orders."""

    queries: ClassVar[bool] = True
    unjudged: ClassVar[set[int]] = set()

    def applies_to(self, document: Document) -> bool:
        """Fail for some orders."""
        if document["data"]["order"] in self.unjudged:
            raise LookupError(f"no idea of {document['data']['order']}")
        return True


@contextmanager
def unjudged(*orders: int) -> Iterator[TriggerRule]:
    """Have a rule that fails for some orders."""
    Choosy.unjudged = set(orders)
    with rule_type("CHOOSY", Choosy):
        yield make_rule("CHOOSY", paid_configuration(), "choosy")


def outcomes() -> list[str]:
    """Return the outcomes of all events, in the order of their occurrences."""
    return list(TriggerEvent.objects.order_by("occurrence").values_list("outcome", flat=True))


def test_a_rule_that_fails_stops_neither_the_others_nor_the_replay() -> None:
    """The failure is recorded as `emit` records it, and the report counts and quotes it."""
    happened(3)
    other = paid_rule("other")
    with unjudged(1):
        choosy, sound = replay(rules=["choosy", "other"]).rules[::-1]
    assert (choosy.triggered, choosy.failed) == (2, 1)
    assert choosy.failures == {"LookupError: no idea of 1": 1}
    assert (sound.triggered, triggered_by(other)) == (3, [0, 1, 2])
    failed = TriggerEvent.objects.get(outcome=TriggerEvent.FAILED)
    assert (failed.reason, failed.deliveries.count()) == ("LookupError: no idea of 1", 0)


def test_a_dry_run_counts_failures_and_records_none() -> None:
    happened(2)
    with unjudged(1):
        (choosy,) = replay(dry_run=True).rules
    assert (choosy.triggered, choosy.failed, outcomes()) == (1, 1, [])


def test_a_rule_that_failed_is_triggered_once_it_can_judge() -> None:
    """What could not be evaluated has not triggered the rule: once that is put right, a replay makes up for it."""
    happened(3)
    with unjudged(0, 1) as rule:
        replay()
        assert outcomes() == ["failed", "failed", ""]
        Choosy.unjudged = {1}
        (choosy,) = replay().rules
        assert (choosy.triggered, choosy.already, choosy.failed) == (1, 1, 1)
        assert (outcomes(), triggered_by(rule)) == (["", "failed", ""], [0, 1, 2])


def test_an_occurrence_that_is_deleted_meanwhile_is_left_out() -> None:
    """As when old ones are pruned while a replay runs."""

    class Deleting(Choosy):
        def applies_to(self, document: Document) -> bool:
            Occurrence.objects.filter(identifier="order.paid-001").delete()
            return True

    happened(3)
    with rule_type("DELETING", Deleting):
        rule = make_rule("DELETING", paid_configuration())
        (found,) = replay().rules
    assert (triggered_by(rule), found.triggered, found.already) == ([0, 2], 2, 0)


def test_of_two_that_write_the_same_one_writes() -> None:
    """Replays may run at the same time, and beside workers and `emit`."""
    occurrences = happened(2)
    with note_action() as note:
        paid_rule(actions=[note])
        ruleset = current_ruleset("default")
        triggered = [
            Triggered(occurrence, evaluation)
            for occurrence in occurrences
            for evaluation in evaluate(ruleset, occurrence.document(), "default")
        ]
        assert len(write_again(triggered[:1], "default")) == 1
        assert {occurrence for occurrence, _ in write_again(triggered, "default")} == {occurrences[1].pk}
    assert [event.deliveries.count() for event in TriggerEvent.objects.all()] == [1, 1]


def test_a_replay_that_an_error_ends_goes_on_when_it_is_run_again() -> None:
    """What it has written stays, and is skipped."""
    happened(6)
    rule = paid_rule()

    def fail(report: Any) -> None:
        if report.looked_at == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replay(batch_size=2, progress=fail)
    assert triggered_by(rule) == [0, 1, 2, 3]
    (found,) = replay(batch_size=2).rules
    assert (found.triggered, found.already, triggered_by(rule)) == (2, 4, [0, 1, 2, 3, 4, 5])


@pytest.mark.django_db(transaction=True)
def test_a_replay_that_is_killed_goes_on_when_it_is_run_again() -> None:
    """Each batch is committed for itself: what the killed process wrote is there, once, and the rest follows."""
    happened(30)
    rule = paid_rule()
    with child_process("-c", REPLAY_AND_STOP, environment=same_database()) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "stopped\n"
        child.kill()
        child.wait(30)
    assert triggered_by(rule) == list(range(20))
    (found,) = replay().rules
    assert (found.triggered, found.already, triggered_by(rule)) == (10, 20, list(range(30)))
