"""Points 44 to 49 of Scale's triggers: what happens when a file comes in, as far as it is the rules' part.

That the pipeline makes jobs and recipes of it, its own tests show.
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from detent.testing import deliver_all
from detent.trigger import Retry, emit
from detent.trigger.models import Delivery, Occurrence
from detent.trigger.types import FileHandler
from tests.integration.trigger.factories import note_action, statements
from trigger.handler import TRIGGER_RULE_HANDLERS, get_trigger_rule_handler, register_trigger_rule_handler
from trigger.models import TriggerEvent, TriggerRule

pytestmark = pytest.mark.django_db
WHEN = datetime(2017, 11, 28, 23, tzinfo=UTC)
DATA = {"input_data_name": "file", "workspace_name": "raw"}
FILE = {"file_id": 12, "file_name": "a.txt", "media_type": "text/plain", "data_types": ["a"], "order": 1}


class JobQueue(FileHandler):
    """A project's handler, which queues a job for each event, as the original's did."""

    def __init__(self, rule_type: str) -> None:
        super().__init__(rule_type)
        self.queued: list[tuple[str, Any]] = []
        self.fails_for: tuple[str, ...] = ()

    def handle(self, event: TriggerEvent) -> Retry | None:
        """Queue a job, or fail."""
        assert event.rule is not None
        self.queued.append((event.rule.name, event.description["file_id"]))
        if event.rule.name in self.fails_for:
            raise RuntimeError("the queue is full")
        return None


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> JobQueue:
    """A project's handler of INGEST rules."""
    monkeypatch.setitem(TRIGGER_RULE_HANDLERS, "INGEST", TRIGGER_RULE_HANDLERS["INGEST"])
    handler = JobQueue("INGEST")
    register_trigger_rule_handler(handler)
    return handler


def make_rule(name: str = "", rule_type: str = "INGEST", **parts: Any) -> TriggerRule:
    """Make a rule for files."""
    return get_trigger_rule_handler(rule_type).create_trigger_rule({"data": DATA, **parts}, name)


def take_in(rule_type: str = "INGEST", **options: Any) -> list[TriggerEvent]:
    """Take a file in, and return the events that it makes."""
    return list(emit(rule_type, FILE, source="raw", occurred=WHEN, **options).events)


def test_a_rule_that_is_triggered_has_its_handler_called(queue: JobQueue) -> None:
    """Point 44: with the event, by a worker."""
    make_rule("files")
    take_in()
    assert queue.queued == []
    deliver_all()
    assert queue.queued == [("files", 12)]


def test_a_handler_that_fails_for_one_rule_stops_no_other(queue: JobQueue) -> None:
    """Point 44: the original rolled all of the file's firings back; here one is tried again, and dead in the end."""
    queue.fails_for = ("broken",)
    make_rule("broken", delivery={"attempts": 1})
    make_rule("files")
    take_in()
    deliver_all()
    assert sorted(name for name, _ in queue.queued) == ["broken", "files"]
    states = Delivery.objects.order_by("event__rule__name").values_list("event__rule__name", "state", "error")
    assert [(name, str(state)) for name, state, _ in states] == [("broken", "dead"), ("files", "done")]
    assert "the queue is full" in states[0][2]


def test_a_rule_may_have_a_handler_and_actions(queue: JobQueue) -> None:
    """Point 44: both are run, each as a delivery of its own, the handler's first."""
    with note_action() as note:
        make_rule("files", actions=[note])
        take_in()
        deliver_all()
    assert list(Delivery.objects.order_by("position").values_list("action", "state")) == [
        ("handler", "done"),
        ("test.note", "done"),
    ]


def test_a_type_whose_handler_does_nothing_has_no_delivery_for_it() -> None:
    """Point 44: Detent's own handlers leave it to the rules' actions."""
    make_rule()
    take_in()
    assert not Delivery.objects.exists()


def test_rules_that_are_active_and_of_the_type_are_asked() -> None:
    """Point 45: whatever becomes of the others."""
    files = make_rule("files")
    make_rule("parsed", "PARSE")
    make_rule("archived").archive()
    TriggerRule.objects.filter(pk=make_rule("paused").pk).update(is_active=False)
    assert [event.rule for event in take_in()] == [files]


def test_rules_are_not_read_again_for_each_file() -> None:
    """Point 45: the original read every rule for every file; here a file asks for the ruleset's token only."""
    for number in range(20):
        make_rule(f"rule {number}", condition={"media_type": f"image/{number}"})
    take_in()
    with statements() as ran:
        take_in()
    assert [sql for sql in ran if 'trigger_rule"' in sql or "`trigger_rule`" in sql] == []
    assert len(ran) <= 1


@pytest.mark.parametrize("rule_type", ["INGEST", "PARSE"])
def test_each_rule_that_is_met_has_an_event(rule_type: str) -> None:
    """Point 46: of the rule's type, with the file and the time at which it came."""
    made = [make_rule(name, rule_type) for name in ("first", "second")]
    take_in(rule_type)
    stored = TriggerEvent.objects.order_by("rule")
    assert [(event.rule, event.type, event.occurred) for event in stored] == [(rule, rule_type, WHEN) for rule in made]
    assert [event.description for event in stored] == [{"version": "1.0", "file_id": 12, "file_name": "a.txt"}] * 2


def test_the_same_file_again_triggers_nothing() -> None:
    """Point 47: the original fired again at each ingest; here a source and an id are taken in once."""
    make_rule()
    assert len(take_in(id="a.txt:sha256")) == 1
    assert take_in(id="a.txt:sha256") == []
    assert TriggerEvent.objects.count() == 1


def test_no_event_is_recorded_where_nothing_is_met() -> None:
    """Point 48: unless it is asked for, when the occurrence is kept."""
    make_rule(condition={"media_type": "image/tiff"})
    take_in()
    assert not Occurrence.objects.exists()
    take_in(record=True)
    assert Occurrence.objects.get().data["file_id"] == 12
    assert not TriggerEvent.objects.exists()


@pytest.mark.parametrize(
    ("trigger_type", "description"),
    [
        ("USER", {"user": "Anonymous"}),
        ("BATCH", {"version": "1.0", "file_id": 12, "file_name": "a.txt"}),
        ("SCALE_INIT", {}),
        ("STRIKE_CREATED", {"strike_id": 1}),
        ("SCAN_CREATED", {"scan_id": 2}),
        ("DRY_RUN_SCAN_CREATED", {"scan_id": 2}),
        ("STRIKE_TRANSFER", {"file_name": "a.txt", "strike_id": 1}),
        ("SCAN_TRANSFER", {"file_name": "a.txt", "scan_id": 2}),
        ("DAILY_METRICS", {}),
        *((name, {}) for name in ("STRIKE_INGEST", "SCAN_INGEST", "MANUAL_INGEST")),
    ],
)
def test_events_that_no_rule_triggers_are_recorded(trigger_type: str, description: dict[str, Any]) -> None:
    """Point 49: with whatever there is to say of them."""
    event = TriggerEvent.objects.create_trigger_event(trigger_type, None, description, WHEN)
    event.refresh_from_db()
    assert (event.type, event.rule, event.description, event.occurred) == (trigger_type, None, description, WHEN)
