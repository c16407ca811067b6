"""`detent rules` lists, tells, tries, pauses and ends rules."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError
from django.utils import timezone

from detent.trigger import TriggerRule, emit
from detent.trigger.models import Occurrence, TriggerEvent
from tests.integration.trigger.factories import event_rule, make_rule, note_action, statements, taken_in
from tests.integration.trigger.rule_command import output, run, run_json

pytestmark = pytest.mark.django_db
LARGE: dict[str, Any] = {"data": {"total": [{"numeric": [">", 1000]}]}}


def sample(folder: Path, content: object, name: str = "sample.json") -> Path:
    """Write a sample."""
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


@pytest.mark.parametrize(("total", "verdict"), [(5, "would not be triggered"), (5000, "would be triggered")])
def test_a_rule_is_tried_against_a_sample(tmp_path: Path, total: int, verdict: str) -> None:
    """By name, key or uuid; nothing is written."""
    rule = event_rule(name="large orders", pattern=LARGE)
    path = sample(tmp_path, {"type": "order.paid", "data": {"total": total}})
    with statements() as ran:
        for named in ("large orders", rule.pk, rule.uuid):
            assert run("test", named, "--file", path)[0].startswith(verdict)
    assert all(statement.startswith("SELECT") for statement in ran)


def test_a_rule_is_tried_against_what_has_happened() -> None:
    """Against an occurrence, or what an event came of: the answer says what became of it."""
    rule = event_rule(name="orders")
    emitted = emit("order.paid", {}, source="shop")
    occurrence, event = taken_in(emitted), emitted.events[0]
    lines = run("test", "orders", "--occurrence", occurrence.pk)
    assert lines == run("test", "orders", "--event", event.pk)
    assert f"event {event.pk} of rule {rule.pk} came of it" in lines[2]


def test_the_answer_is_json_if_asked_for(tmp_path: Path) -> None:
    """With what each action would get."""
    with note_action() as note:
        event_rule(name="orders", actions=[note])
        path = sample(tmp_path, "{type: order.paid, data: {order: 17}}", "sample.yaml")
        data = run_json("test", "orders", "--file", path)
    assert data["triggered"] is True
    assert data["actions"] == [{"action": "test.note", "input": {"order": 17}, "error": ""}]


def test_what_a_sample_leaves_out_is_made_up(tmp_path: Path) -> None:
    """Its id is new, its time now; what it says goes before that."""
    with note_action() as note:
        rule = event_rule(name="orders", actions=[{**note, "input": {"order": "${time}"}}])
        assert rule.pk
        given = {"type": "order.paid", "time": "2026-11-22T11:00:00+01:00"}
        data = run_json("test", "orders", "--file", sample(tmp_path, given))
        assert data["actions"][0]["input"] == {"order": "2026-11-22T10:00:00Z"}
        now = run_json("test", "orders", "--file", sample(tmp_path, {"type": "order.paid"}))
        assert now["actions"][0]["input"]["order"].startswith(f"{timezone.now():%Y-%m-%d}")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("[]", "a sample must be an object with a type"),
        ("{}", "a sample must be an object with a type"),
        ({"type": 5}, "type: must be text"),
        (
            {"type": "a", "dta": {}},
            "'dta' is not a key of a document; the keys are type, source, subject, id, time, data",
        ),
        ({"type": "a", "data": []}, "data: must be a mapping"),
        ({"type": "a", "data": {"b": "\0"}}, "data.b: holds a NUL"),
        ({"type": "a", "time": "soon"}, "time: must be a date-time such as"),
        ({"type": "a", "time": "2026-13-45T00:00:00Z"}, "time: must be a date-time such as"),
        ({"type": "a", "time": "2026-11-22T10:00:00"}, "time: is a date-time without a time zone"),
        ({"type": "a", "id": ""}, "id: must not be empty"),
        ("{", "Expecting property name"),
        ('{"type": "a", "type": "b"}', "the key 'type' stands twice"),
    ],
)
def test_a_sample_that_cannot_be_used_says_why(tmp_path: Path, content: object, complaint: str) -> None:
    """With the file and the place."""
    event_rule(name="orders")
    path = sample(tmp_path, content)
    with pytest.raises(CommandError) as caught:
        run("test", "orders", "--file", path)
    assert str(caught.value).startswith(f"{path}: ")
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    ("option", "complaint"),
    [("--event", "There is no event 12345"), ("--occurrence", "There is no occurrence 12345")],
)
def test_what_has_not_happened_is_named(option: str, complaint: str) -> None:
    """By its key."""
    event_rule(name="orders")
    with pytest.raises(CommandError, match=complaint):
        run("test", "orders", option, 12345)


def test_an_event_without_an_occurrence_has_nothing_to_try() -> None:
    """As the original's own; a sample says the same."""
    rule = event_rule(name="orders")
    event = TriggerEvent.objects.create_trigger_event("USER", rule, {}, timezone.now())
    with pytest.raises(CommandError, match=f"Event {event.pk} was made without an occurrence.* in a sample"):
        run("test", "orders", "--event", event.pk)


@pytest.mark.parametrize("arguments", [[], ["--event", "1", "--occurrence", "1"], ["--event", "x"]])
def test_one_thing_is_tried_at_a_time(arguments: list[str]) -> None:
    """The usage says so."""
    event_rule(name="orders")
    with pytest.raises(CommandError):
        run("test", "orders", *arguments)
    assert not Occurrence.objects.exists()


@pytest.mark.parametrize("named", ["nobody", "99999", "9" * 40, "9f8b2f4e-6f3c-4a3e-9e57-0a4fd2a1b0cc", ""])
@pytest.mark.parametrize("act", ["history", "pause", "resume", "archive", "export"])
def test_a_rule_that_is_not_there_is_named(act: str, named: str) -> None:
    """And where to look."""
    with pytest.raises(CommandError, match=f"There is no rule {named!r}; .* rules list"):
        run(act, named)


def test_a_name_that_names_several_lists_them() -> None:
    """With their keys, by which one of them is named; the archived ones are not asked about."""
    archived, *twins = (event_rule(name="twins") for _ in range(3))
    archived.archive()
    with pytest.raises(CommandError) as caught:
        run("pause", "twins")
    first, *lines = str(caught.value).splitlines()
    assert first == "2 rules are called 'twins'; name one by its key:"
    assert [line.split(":")[0].strip() for line in lines] == [str(twin.pk) for twin in twins]


def test_a_name_may_be_a_number() -> None:
    """Where no rule has that key."""
    event_rule(name="20261122")
    assert run("pause", "20261122") == ["20261122: paused"]


def test_a_rule_is_paused_resumed_and_archived() -> None:
    """By whom is for its history; what was done before is said."""
    User.objects.create(username="alice")
    event_rule(name="orders")
    assert [run(act, "orders", "--by", "alice")[0] for act in ("pause", "pause", "resume", "resume")] == [
        "orders: paused",
        "orders: is paused already",
        "orders: resumed",
        "orders: is not paused",
    ]
    assert run("archive", "orders", "--by", "alice") == ["orders: archived"]
    assert run("archive", "orders") == ["orders: is archived already"]
    with pytest.raises(CommandError, match="is archived; create a new rule instead"):
        run("pause", "orders")
    text = output("history", "orders")
    assert text.count(" by alice") == 3
    with pytest.raises(CommandError, match="no user 'bob'"):
        run("archive", "orders", "--by", "bob")


def test_the_history_of_a_rule_is_shown_as_text_or_json() -> None:
    """Also by the key of an old revision."""
    rule = event_rule(name="orders", pattern=LARGE)
    rule.revise(json.loads(json.dumps(rule.configuration).replace("1000", "2000")))
    lines = run("history", rule.pk)
    assert lines == run("history", "orders")
    assert [line.split(":")[0].strip() for line in lines if ":" in line][-1] == "pattern.data.total.0.numeric.1"
    first, second = run_json("history", "orders")
    assert (first["is_superseded"], second["differences"][0]["after"]) == (True, 2000)


def test_the_rules_there_are_are_listed() -> None:
    """By name, with where they stand; archived ones if asked for."""
    old = event_rule(name="b")
    new = old.revise(old.configuration)
    paused = make_rule("CLOCK", {"event_type": "A", "schedule": "PT1H"}, "a")
    paused.pause()
    assert run("list") == [f"{paused.pk}  paused  CLOCK  a", f"{new.pk}  in force  EVENT  b"]
    assert f"{old.pk}  archived  EVENT  b" in run("list", "--archived")
    assert run_json("list")[1] == {
        "id": new.pk,
        "name": "b",
        "type": "EVENT",
        "state": "in force",
        "uuid": str(TriggerRule.objects.get(pk=new.pk).uuid),
    }
