"""A rule says why it would, or would not, be triggered, and what it would do. It does nothing."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction

from detent.trigger import Delivery, Occurrence, TriggerRule, emit
from detent.trigger.actions import actions
from detent.trigger.configuration.trigger_rule import TriggerRuleConfiguration
from detent.trigger.delivery.dispatch import dispatcher
from detent.trigger.document import Document
from detent.trigger.handler import TRIGGER_RULE_HANDLERS, TriggerRuleHandler
from detent.trigger.models import RuleSwitch, TriggerEvent
from tests.integration.trigger.factories import event_rule, make_rule, note_action, rule_type, stored_rule, taken_in

pytestmark = pytest.mark.django_db
LARGE: dict[str, Any] = {"data": {"total": [{"numeric": [">", 100]}]}}


def document(id: str = "1", **data: Any) -> Any:  # noqa: A002
    """Make a sample document."""
    return {
        "type": "order.paid",
        "source": "shop",
        "subject": "",
        "id": id,
        "time": "2026-11-22T10:00:00Z",
        "data": data,
    }


@pytest.fixture
def note() -> Iterator[dict[str, Any]]:
    """Have an action with one setting."""
    with note_action() as asked:
        yield asked


def test_a_document_that_triggers_the_rule(note: dict[str, Any]) -> None:
    """Each clause is met, nothing stands in the way, and each action's input is filled in."""
    explanation = event_rule(pattern=LARGE, actions=[note]).explain(document(order=17, total=500))
    assert explanation.pattern is not None
    assert (explanation.triggered, explanation.matched, explanation.obstacles) == (True, True, ())
    assert [field.met for field in explanation.pattern.pattern.fields] == [True, True]
    (action,) = explanation.actions
    assert (action.action, action.input, action.error) == ("test.note", {"order": 17}, "")


def test_a_document_that_does_not_meet_the_pattern(note: dict[str, Any]) -> None:
    """The clause that is not met is named, with the value seen; the condition is not asked."""
    explanation = event_rule(pattern=LARGE, actions=[note]).explain(document(total=5))
    assert (explanation.matched, explanation.condition) == (False, None)
    text = str(explanation)
    assert text.startswith("would not be triggered: its pattern is not met\n")
    assert '[not met] "data.total" is 5' in text


@pytest.mark.parametrize(
    ("data", "given", "error"),
    [
        ({"order": 17}, {"order": 17}, ""),
        ({}, None, "input.order: ${data.order}: the document has no 'order' there."),
        ({"order": "x"}, {"order": "x"}, "input.order of action 'test.note': 'x' is not of type 'integer'"),
    ],
)
def test_an_action_that_would_fail_says_why(
    note: dict[str, Any], data: dict[str, Any], given: dict[str, Any] | None, error: str
) -> None:
    """Whether a template asks for what is not there, or the action would not take what it gets."""
    (action,) = event_rule(actions=[note]).explain(document(**data)).actions
    assert (action.input, action.error) == (given, error)


def test_an_action_that_nobody_has_says_so() -> None:
    """Its app may be gone."""
    with note_action() as note:
        rule = event_rule(actions=[note])
    (action,) = rule.explain(document(order=17)).actions
    assert action.input == {"order": 17}
    assert action.error.startswith("There is no action 'test.note'")


class Handling(TriggerRuleHandler):
    """Does something of its own for each event."""

    def create_configuration(self, config_dict: dict[str, Any]) -> TriggerRuleConfiguration:
        """Return what the rule says."""
        return Asking(self.trigger_rule_type, config_dict)

    def handle(self, event: TriggerEvent) -> None:
        """Fail: explaining does not call it."""
        pytest.fail("It was called.")


def test_what_the_handler_of_a_type_does_is_listed_before_the_actions(
    note: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As its delivery comes before theirs."""
    monkeypatch.setitem(TRIGGER_RULE_HANDLERS, "ASKING", Handling("ASKING"))
    rule = make_rule("ASKING", {"actions": [note]})
    explained = rule.explain(document(order=1, total=500)).actions
    emit("order.paid", {"order": 1, "total": 500}, source="shop", id="2")
    assert [action.action for action in explained] == ["handler", "test.note"]
    assert list(Delivery.objects.order_by("position").values_list("action", flat=True)) == ["handler", "test.note"]
    assert str(explained[0]) == "handler {}"


def test_secrets_are_not_shown() -> None:
    """Neither in the input nor in the complaint about it."""

    def call(delivery: Delivery, *, headers: dict[str, str], password: int = 0) -> None:
        """Do nothing."""

    settings = {"headers": {"Authorization": "s3cr3t", "Accept": "*"}, "password": "${data.password}"}
    with actions.registered("test.call", call):
        rule = event_rule(actions=[{"action": "test.call", "input": settings}])
        (action,) = rule.explain(document(password="s3cr3t")).actions
    assert action.input == {"headers": {"Authorization": "********", "Accept": "*"}, "password": "********"}
    assert "password" in action.error
    assert "s3cr3t" not in str(action)


def test_a_paused_rule_says_since_when_and_by_whom() -> None:
    """Though its pattern is met; also where it was revised meanwhile."""
    alice = User.objects.create(username="alice")
    rule = event_rule()
    rule.pause(by=alice)
    for paused in (rule, rule.revise(rule.configuration)):
        explanation = paused.explain(document())
        assert explanation.matched
    standing = explanation.standing
    assert explanation.obstacles == ("the rule is paused",)
    assert (standing.state, standing.since, standing.by) == ("paused", RuleSwitch.objects.get().at, "alice")


def test_a_rule_made_inactive_does_not_say_more_than_is_known() -> None:
    """Nobody wrote down who, or when."""
    standing = make_rule("EVENT", {"version": "1.0", "pattern": {"data": {"a": [1]}}}, is_active=False)
    assert str(standing.explain(document()).standing) == "paused"


def test_an_archived_rule_names_its_successor() -> None:
    """And who archived it, and when."""
    rule = event_rule()
    successor = rule.revise(rule.configuration, by=User.objects.create(username="alice"))
    explanation = rule.explain(document())
    assert explanation.obstacles == ("the rule is archived",)
    assert (explanation.standing.by, explanation.standing.successor) == ("alice", successor.pk)


def test_what_has_been_taken_in_would_not_trigger_a_rule_again() -> None:
    """The explanation names the occurrence, and the event that came of it, in whatever revision."""
    rule = event_rule()
    emitted = emit("order.paid", {}, source="shop", id="1")
    newer = rule.revise(rule.configuration)
    sighting = newer.explain(document()).sighting
    assert sighting
    assert (sighting.occurrence, sighting.event) == (taken_in(emitted).pk, emitted.events[0].pk)
    assert sighting.rule == rule.pk
    assert newer.explain(document()).obstacles == ("an occurrence with this source and id has been taken in before",)
    assert newer.explain(document(id="2")).triggered


def test_what_was_taken_in_before_the_rule_was_made_did_not_trigger_it() -> None:
    """And will not, if it is told again."""
    event_rule()
    emit("order.paid", {}, source="shop", id="1")
    explanation = event_rule().explain(document())
    assert explanation.sighting
    assert (explanation.triggered, explanation.matched, explanation.sighting.event) == (False, True, None)
    assert "it did not trigger this rule" in str(explanation)


class Asking(TriggerRuleConfiguration):
    """A rule for large orders, whose condition writes as it asks."""

    queries = True

    def validate(self) -> None:
        """Find nothing wrong."""

    def pattern(self) -> dict[str, Any]:
        """Ask for orders."""
        return {"type": ["order.paid"]}

    def applies_to(self, document: Document) -> bool:
        """Leave a row and a callback behind, then say whether the order is large."""
        User.objects.create(username="left behind")
        transaction.on_commit(lambda: pytest.fail("It was run."))
        return bool(document["data"]["total"] > 100)


@pytest.mark.parametrize(("total", "met"), [(500, True), (5, False)])
def test_the_condition_of_a_type_is_asked(total: int, *, met: bool) -> None:
    """It may ask the database."""
    with rule_type("ASKING", Asking):
        explanation = make_rule("ASKING", {}).explain(document(total=total))
    assert explanation.condition is not None
    assert (explanation.condition.met, explanation.triggered) == (met, met)
    assert explanation.obstacles == (() if met else ("the condition of its type is not met",))


@pytest.mark.parametrize("total", [None, "x"])
def test_a_condition_that_fails_says_why(total: object) -> None:
    """As the event that `emit` would write."""
    with rule_type("ASKING", Asking):
        rule = make_rule("ASKING", {})
        explanation = rule.explain(document(id="2", total=total))
        (failure,) = emit("order.paid", {"total": total}, source="shop", id="2").failures
    assert explanation.condition is not None
    assert not explanation.triggered
    assert explanation.condition.failure == failure.reason


@pytest.mark.parametrize("within", [True, False])
@pytest.mark.django_db(transaction=True)
def test_explaining_writes_nothing(monkeypatch: pytest.MonkeyPatch, *, within: bool) -> None:
    """No row, no hint and no callback, though the code of the type writes, and inside a transaction or not."""
    hinted: list[Any] = []
    monkeypatch.setattr(type(dispatcher()), "hint", lambda *ids: hinted.append(ids))
    with rule_type("ASKING", Asking), note_action() as note:
        rule = make_rule("ASKING", {"actions": [note]})
        before = rows()
        if within:
            with transaction.atomic():
                assert rule.explain(document(total=500, order=1)).triggered
        else:
            assert rule.explain(document(total=500, order=1)).triggered
    assert (rows(), hinted) == (before, [])
    assert not connection.in_atomic_block


def rows() -> list[int]:
    """Count the rows that explaining might leave."""
    models = (Occurrence, TriggerEvent, Delivery, TriggerRule, RuleSwitch, User)
    return [model._base_manager.count() for model in models]


def test_a_rule_whose_type_is_gone_says_so() -> None:
    """That is why it is not triggered."""
    explanation = stored_rule("NOPE", {}).explain(document())
    assert explanation.obstacles == (
        "the rule cannot be used: InvalidTriggerType: NOPE is an invalid trigger rule type",
    )
    assert str(explanation).startswith("would not be triggered: the rule cannot be used")


@pytest.mark.parametrize("is_active", [True, False])
def test_a_draft_is_explained_before_it_is_saved(*, is_active: bool) -> None:
    """So that it can be tried first."""
    draft = TriggerRule(type="EVENT", configuration={"version": "1.0", "pattern": LARGE}, is_active=is_active)
    explanation = draft.explain(document(total=500))
    assert (explanation.matched, explanation.triggered) == (True, is_active)


def test_a_clock_rule_is_triggered_by_its_own_ticks_only() -> None:
    """Their subject is its lineage."""
    rule = make_rule("CLOCK", {"version": "1.0", "event_type": "METRICS", "schedule": "PT1H"})
    tick: Any = {**document(), "type": "METRICS", "source": "clock", "subject": str(rule.lineage)}
    assert rule.explain(tick).triggered
    tick["subject"] = "another"
    assert not rule.explain(tick).triggered


def test_it_is_data_too(note: dict[str, Any]) -> None:
    """For a page or an interface."""
    rule = event_rule(actions=[note])
    emit("order.paid", {"order": 1}, source="shop", id="1")
    data = json.loads(json.dumps(rule.explain(document(order=1)).as_data()))
    assert (data["triggered"], data["matched"], data["standing"]["state"]) == (False, True, "in force")
    assert data["obstacles"] == ["an occurrence with this source and id has been taken in before"]
    assert data["actions"] == [{"action": "test.note", "input": {"order": 1}, "error": ""}]


def test_it_is_text_for_an_operator(note: dict[str, Any]) -> None:
    """The answer first, then what it rests on."""
    assert str(event_rule(actions=[note]).explain(document(order=1))).splitlines() == [
        "would be triggered",
        "rule: in force",
        "already seen: no",
        "pattern: matches",
        '  [met]     "type" is "order.paid"',
        '    [met]     "order.paid"',
        "condition of its type: met",
        "actions, if it were triggered:",
        '  1. test.note {"order": 1}',
    ]
