"""Rules are made, archived and revised, and never edited."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from detent.trigger import InvalidTriggerRule, InvalidTriggerType, TriggerRule, emit
from detent.trigger.configuration.trigger_rule import TriggerRuleConfiguration
from detent.trigger.errors import RuleIsFixed
from detent.trigger.models import TriggerEvent
from detent.trigger.types.event import EventConfiguration
from tests.integration.trigger.factories import event_rule, make_rule, note_action, rule_type

pytestmark = pytest.mark.django_db
PAID: dict[str, Any] = {"version": "1.0", "pattern": {"type": ["order.paid"]}}
PLACED: dict[str, Any] = {"version": "1.0", "pattern": {"type": ["order.placed"]}}


class Demanding(TriggerRuleConfiguration):
    """A configuration that is never valid, and says when it is asked."""

    asked = 0

    def validate(self) -> None:
        """Refuse."""
        type(self).asked += 1
        raise InvalidTriggerRule("no such order")


def test_a_handler_makes_a_saved_rule() -> None:
    """The seed's way: the handler of a type takes a dict and returns a rule that is in the database."""
    rule = make_rule("EVENT", PAID, "paid")
    stored = TriggerRule.objects.get(pk=rule.pk)
    assert (stored.type, stored.name, stored.is_active, stored.archived) == ("EVENT", "paid", True, None)
    assert stored.configuration == PAID
    assert isinstance(stored.get_configuration(), EventConfiguration)


def test_a_rule_without_a_name_has_an_empty_one() -> None:
    """None, which the original passed on to a column that does not take it, is no name."""
    assert make_rule("EVENT", PAID, name=None).name == ""  # type: ignore[arg-type]


def test_what_is_stored_is_the_normalised_configuration() -> None:
    """Defaults and conversions are in the row."""
    rule = make_rule("INGEST", {"version": "1.0", "data": {"input_data_name": "a", "workspace_name": "b"}})
    assert rule.configuration["version"] == "1.1"
    assert rule.configuration["condition"]["any_of_data_types"] == []


def test_a_rule_must_have_a_type_and_a_configuration() -> None:
    """With the original's words."""
    with pytest.raises(InvalidTriggerRule, match=r"^Trigger rule must have a type$"):
        TriggerRule.objects.create_trigger_rule("", EventConfiguration("EVENT", PAID))
    with pytest.raises(InvalidTriggerRule, match=r"^Trigger rule must have a configuration$"):
        TriggerRule.objects.create_trigger_rule("EVENT", None)  # type: ignore[arg-type]


def test_a_name_that_is_too_long_is_refused() -> None:
    """The error names the field and both lengths, whatever the database would say."""
    with pytest.raises(InvalidTriggerRule, match="name: must have at most 50 characters, not 51"):
        make_rule("EVENT", PAID, "n" * 51)


@pytest.mark.parametrize("name", ["a\0b", "a\udc80"])
def test_a_name_that_no_database_stores_is_refused(name: str) -> None:
    """Whichever the database is."""
    with pytest.raises(InvalidTriggerRule, match="name: holds"):
        make_rule("EVENT", PAID, name)


def test_a_rule_with_actions_without_end_is_refused() -> None:
    """One rule could keep every `emit` that it matches from writing."""
    with note_action() as note, pytest.raises(InvalidTriggerRule, match=r"^actions: .*is too long"):
        event_rule(actions=[note] * 101)


def test_a_configuration_is_validated_before_it_is_saved() -> None:
    """The second phase may ask the database; what it refuses leaves no row."""
    with rule_type("DEMANDING", Demanding), pytest.raises(InvalidTriggerRule, match="no such order"):
        make_rule("DEMANDING", {})
    assert Demanding.asked == 1
    assert not TriggerRule.objects.exists()


@pytest.mark.parametrize(
    ("action", "path"),
    [
        ({"action": "nobody.knows"}, "actions.0: There is no action 'nobody.knows'"),
        ({"action": "test.note"}, "actions.0: input of action 'test.note': 'order' is a required property"),
        ({"action": "test.note", "input": {"order": "five"}}, "actions.0: input.order"),
        ({"action": "test.note", "input": {"order": "${data.}"}}, "actions.0: input.order"),
    ],
)
def test_an_action_that_cannot_run_is_refused(action: dict[str, Any], path: str) -> None:
    """Its name must be registered, its input fit, its templates compile."""
    with note_action(), pytest.raises(InvalidTriggerRule) as caught:
        event_rule(actions=[action])
    assert str(caught.value).startswith(path)


def test_a_pattern_that_does_not_compile_is_refused_with_its_path() -> None:
    """The path leads into the pattern."""
    with pytest.raises(InvalidTriggerRule) as caught:
        make_rule("EVENT", {"version": "1.0", "pattern": {"data": {"total": [{"numeric": ["!", 5]}]}}})
    assert caught.value.path == "pattern.data.total"


def test_an_unknown_type_is_named() -> None:
    """A stored rule may be of a type whose app is gone."""
    with pytest.raises(InvalidTriggerType, match=r"^NOPE is an invalid trigger rule type$"):
        TriggerRule(type="NOPE").get_configuration()


@pytest.mark.parametrize(
    ("field", "value"), [("type", "CLOCK"), ("name", "other"), ("configuration", {**PAID, "delivery": {"attempts": 1}})]
)
def test_a_saved_rule_keeps_what_makes_it_the_rule_it_is(field: str, value: object) -> None:
    """Neither `save` nor `update` changes type, name or configuration; the error names the way that is open."""
    rule = make_rule("EVENT", PAID, "orders")
    setattr(rule, field, value)
    with pytest.raises(RuleIsFixed, match="revise") as caught:
        rule.save()
    assert (caught.value.rule_id, caught.value.fields) == (rule.pk, (field,))
    with pytest.raises(RuleIsFixed):
        TriggerRule.objects.update(**{field: value})


def test_a_saved_rule_is_not_replaced_by_one_with_its_key() -> None:
    """Django would update the row of a new object that is given the key of an old one."""
    rule = make_rule("EVENT", PAID, "paid")
    with pytest.raises(RuleIsFixed):
        TriggerRule(pk=rule.pk, type="EVENT", name="paid", configuration=PLACED, created=timezone.now()).save()


def test_true_is_not_one_in_a_configuration() -> None:
    """Python takes them for equal; JSON does not."""
    rule = make_rule("EVENT", {"version": "1.0", "pattern": {"data": {"a": [1]}}})
    rule.configuration["pattern"]["data"]["a"] = [True]
    with pytest.raises(RuleIsFixed):
        rule.save()


def test_whether_a_rule_is_active_may_change() -> None:
    """A rule is paused and resumed in place."""
    rule = make_rule("EVENT", PAID)
    rule.is_active = False
    rule.save()
    TriggerRule.objects.filter(pk=rule.pk).update(is_active=True)
    rule.refresh_from_db()
    assert rule.is_active


def test_a_rule_that_was_triggered_cannot_be_deleted() -> None:
    """Its events refer to it; so does a revision."""
    rule = make_rule("EVENT", PAID)
    TriggerEvent.objects.create_trigger_event("EVENT", rule, {}, timezone.now())
    with pytest.raises(ProtectedError):
        rule.delete()
    first = make_rule("EVENT", PAID)
    first.revise(PLACED)
    with pytest.raises(ProtectedError):
        first.delete()


def test_rules_made_in_bulk_begin_a_lineage_each() -> None:
    """As rules that are saved one by one."""
    made = TriggerRule.objects.bulk_create([TriggerRule(type="EVENT", configuration=PAID) for _ in range(2)])
    assert [rule.lineage for rule in made] == [rule.uuid for rule in made]


@pytest.mark.parametrize(
    ("rule_type", "configuration", "complaint"),
    [
        ("EVENT", {}, "is a required property"),
        ("EVENT", [], "must be an object"),
        ("EVENT", {**PAID, "actions": [{"action": "nobody.knows"}]}, "actions.0: There is no action 'nobody.knows'"),
        ("TRANSITION", {"version": "1.0", "model": "shop.ordr"}, "model: no model 'shop.ordr' has a workflow"),
        ("", PAID, "must have a type"),
        (5, PAID, "type: must be text, not 5"),
    ],
)
def test_a_new_rule_is_validated_however_it_is_made(
    rule_type: Any, configuration: dict[str, Any], complaint: str
) -> None:
    """By the manager, by saving it, or many at once; nothing is written."""
    rules = TriggerRule.objects
    for make in (
        lambda: rules.create(type=rule_type, configuration=configuration),
        lambda: TriggerRule(type=rule_type, configuration=configuration).save(),
        lambda: rules.bulk_create([TriggerRule(type=rule_type, configuration=configuration)]),
    ):
        with pytest.raises(InvalidTriggerRule, match=complaint):
            make()
    assert not TriggerRule.objects.exists()


def test_a_rule_of_a_type_that_nobody_has_registered_is_kept() -> None:
    """As the original kept it: its app may come back."""
    rule = TriggerRule.objects.create(type="NOPE", configuration={"anything": 1})
    assert TriggerRule.objects.get().configuration == {"anything": 1}
    with pytest.raises(InvalidTriggerType):
        rule.get_configuration()


def test_many_at_once_do_not_edit_those_that_are_there() -> None:
    """An insert that updates what it meets is an edit."""
    rule = make_rule("EVENT", PAID)
    other = TriggerRule(type="EVENT", configuration=PLACED, uuid=rule.uuid, lineage=rule.lineage)
    with pytest.raises(RuleIsFixed, match="configuration"):
        TriggerRule.objects.bulk_create(
            [other], update_conflicts=True, unique_fields=["uuid"], update_fields=["configuration"]
        )
    with pytest.raises(RuleIsFixed, match="configuration"), transaction.atomic():
        TriggerRule.objects.bulk_update([TriggerRule(pk=rule.pk, configuration=PLACED)], ["configuration"])
    assert TriggerRule.objects.get().configuration == PAID


def test_what_a_template_gives_is_not_looked_up() -> None:
    """It is known only when the rule is triggered."""
    name = "${data.name}"
    settings = {"model": name, "pk": name, "transition": name}
    assert event_rule(actions=[{"action": "transition", "input": settings}]).pk
    assert event_rule(actions=[{"action": "transition", "input": {**settings, "model": "shop.order"}}]).pk
    assert event_rule(actions=[{"action": "create", "input": {"model": name, "values": {"a": 1}}}]).pk


@pytest.mark.parametrize("pattern", [{"dta": {"a": [1]}}, {"$or": [{"type": ["a"]}, {"dta.a": [1]}]}])
def test_a_pattern_on_a_field_that_no_document_has_is_refused(pattern: dict[str, Any]) -> None:
    """It would never be met."""
    with pytest.raises(InvalidTriggerRule, match="the fields of a document are type, source, subject, id, time, data"):
        make_rule("EVENT", {"version": "1.0", "pattern": pattern})
    assert make_rule("EVENT", {"version": "1.0", "pattern": {"data.a.b": [1]}}).pk


def test_what_python_says_otherwise_than_json_is_stored_as_json() -> None:
    """Through the manager as through the handler: a Decimal is a number."""
    pattern = {"type": ["order.paid"], "data": {"total": [{"numeric": [">", Decimal("50.5")]}]}}
    rule = TriggerRule.objects.create(type="EVENT", configuration={"version": "1.0", "pattern": pattern})
    rule.refresh_from_db()
    assert rule.configuration["pattern"]["data"]["total"] == [{"numeric": [">", 50.5]}]


@pytest.mark.parametrize("number", [1.7976931348623157e308, 1e300, 123456789012345678901.0, -1e25])
def test_a_number_that_a_database_writes_as_an_integer_is_what_it_was(number: float) -> None:
    """PostgreSQL's jsonb writes large doubles so, with other digits than the double has."""
    pattern = {"type": ["order.paid"], "data": {"total": [{"numeric": ["<=", number]}]}}
    rule = TriggerRule.objects.get(pk=event_rule(pattern=pattern).pk)
    assert rule.configuration["pattern"] == pattern
    assert emit("order.paid", {"total": number}, source="shop").events
