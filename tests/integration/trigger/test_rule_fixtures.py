"""Rules in fixtures: the original's, which go by names, and dumps of Detent's, in which each revision is told apart."""

import json
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from detent.trigger import TriggerRule, emit
from detent.trigger.models import Occurrence, TriggerEvent
from tests.integration.trigger.factories import event_rule, make_rule, stored_rule

pytestmark = pytest.mark.django_db
PAID: dict[str, Any] = {"version": "1.0", "pattern": {"type": ["order.paid"]}}
PLACED: dict[str, Any] = {"version": "1.0", "pattern": {"type": ["order.placed"]}}


def test_the_natural_key_is_the_name() -> None:
    """Of the revisions of a rule, which share it, it means the newest."""
    rule = make_rule("EVENT", PAID, "orders")
    assert rule.natural_key() == ("orders",)
    assert TriggerRule.objects.get_by_natural_key("orders") == rule
    assert TriggerRule.objects.get_by_natural_key("orders") != rule.revise(PLACED)
    assert TriggerRule.objects.get_by_natural_key("orders").configuration == PLACED


def fixture(folder: Path, schedule: str) -> str:
    """Write a fixture as the original's, without a key and without what Detent has added."""
    fields = {
        "type": "CLOCK",
        "name": "scale-daily-metrics",
        "configuration": {"version": "1.0", "event_type": "DAILY_METRICS", "schedule": schedule},
        "is_active": True,
        "created": "2015-09-22T00:00:00Z",
        "archived": None,
        "last_modified": "2015-09-22T00:00:00Z",
    }
    path = folder / "metrics_trigger_rules.json"
    path.write_text(json.dumps([{"model": "trigger.triggerrule", "pk": None, "fields": fields}]))
    return str(path)


def test_a_fixture_is_loaded_and_reloaded_in_place(tmp_path: Path) -> None:
    """The original's fixtures name rules by their natural key; the lineage survives, the change is seen."""
    call_command("loaddata", fixture(tmp_path, "PT24H0M0S"), verbosity=0)
    first = TriggerRule.objects.get()
    assert first.lineage == first.uuid
    call_command("loaddata", fixture(tmp_path, "PT12H0M0S"), verbosity=0)
    second = TriggerRule.objects.get()
    assert (second.pk, second.uuid, second.lineage) == (first.pk, first.uuid, first.lineage)
    assert second.configuration["schedule"] == "PT12H0M0S"
    assert second.last_modified > first.last_modified


def test_rules_are_dumped_with_their_natural_keys() -> None:
    """So that it can be loaded where the same rule has another key."""
    event_rule(name="orders")
    out = StringIO()
    call_command("dumpdata", "trigger.triggerrule", natural_primary=True, stdout=out)
    (dumped,) = json.loads(out.getvalue())
    assert "pk" not in dumped
    assert dumped["fields"]["name"] == "orders"


def dump(folder: Path) -> Path:
    """Dump rules and what came of them under natural keys."""
    path = folder / "rules.json"
    models = ("auth.user", "trigger.triggerrule", "trigger.occurrence", "trigger.triggerevent", "trigger.ruleswitch")
    call_command("dumpdata", *models, natural_primary=True, natural_foreign=True, output=str(path), verbosity=0)
    return path


def forget_everything() -> None:
    """Empty the tables that are dumped."""
    TriggerEvent.objects.all().delete()
    Occurrence.objects.all().delete()
    TriggerRule.objects.update(supersedes=None)
    TriggerRule.objects.all().delete()
    User.objects.all().delete()


def told(moment: datetime) -> str:
    """Write a moment as fixtures do, to the millisecond."""
    return moment.isoformat(timespec="milliseconds")


def story() -> list[list[Any]]:
    """Tell of every rule what it is and what came of it, without keys."""
    return [
        [
            *(str(rule.uuid), str(rule.lineage), rule.name, rule.configuration, rule.is_active, rule.archived is None),
            str(rule.supersedes.uuid) if rule.supersedes else None,
            rule.author.username if rule.author else None,
            [told(event.occurred) for event in rule.triggerevent_set.order_by("occurred")],
            [(switch.is_active, told(switch.at)) for switch in rule.switches.order_by("at")],
        ]
        for rule in TriggerRule.objects.order_by("uuid")
    ]


def history_of_many_kinds() -> None:
    """Make a rule of three revisions with events and pauses, two that share a name, and two that have none."""
    rule = make_rule("EVENT", PAID, "orders")
    emit("order.paid", {}, source="shop")
    rule = rule.revise(PLACED, by=User.objects.create(username="alice"))
    emit("order.placed", {}, source="shop")
    rule.pause()
    rule.revise(PAID).resume()
    emit("order.paid", {}, source="shop")
    for name in ("twins", "twins", "", ""):
        make_rule("EVENT", PLACED, name)
    make_rule("EVENT", PLACED, "over").archive()


def test_a_dump_under_natural_keys_brings_everything_back(tmp_path: Path) -> None:
    """Revisions, their order, events and pauses, though a name is shared and the keys are others."""
    history_of_many_kinds()
    before = story()
    path = dump(tmp_path)
    forget_everything()
    event_rule(name="takes a key")
    call_command("loaddata", str(path), verbosity=0)
    TriggerRule.objects.get(name="takes a key").delete()
    assert story() == before


def test_a_dump_loaded_where_it_came_from_changes_nothing(tmp_path: Path) -> None:
    """Each revision is found again."""
    history_of_many_kinds()
    before = story()
    call_command("loaddata", str(dump(tmp_path)), verbosity=0)
    assert story() == before


def test_a_revision_that_others_name_too_goes_by_its_uuid() -> None:
    """The name alone means the revision that is in force."""
    first = make_rule("EVENT", PAID, "orders")
    second = first.revise(PLACED)
    first.refresh_from_db()
    assert first.natural_key() == (str(first.uuid),)
    assert second.natural_key() == ("orders",)
    assert TriggerRule.objects.get_by_natural_key(*first.natural_key()) == first
    assert TriggerRule.objects.get_by_natural_key(*second.natural_key()) == second


def test_a_name_goes_to_the_rule_in_force_before_archived_ones() -> None:
    """A rule that was archived may have left its name to another."""
    make_rule("EVENT", PAID, "orders").archive()
    current = make_rule("EVENT", PLACED, "orders")
    assert TriggerRule.objects.get_by_natural_key("orders") == current


def test_a_name_that_names_several_is_refused_with_their_keys() -> None:
    """Django's own error, in words that help."""
    twins = [make_rule("EVENT", PAID, "twins") for _ in range(2)]
    assert {twin.natural_key() for twin in twins} == {(str(twin.uuid),) for twin in twins}
    with pytest.raises(TriggerRule.MultipleObjectsReturned, match=f"'twins': {twins[0].pk}, {twins[1].pk}"):
        TriggerRule.objects.get_by_natural_key("twins")
    with pytest.raises(TriggerRule.DoesNotExist, match="no rule 'nobody'"):
        TriggerRule.objects.get_by_natural_key("nobody")


def test_a_name_may_look_like_a_uuid() -> None:
    """It is still a name, where no revision has that uuid."""
    rule = stored_rule("EVENT", PAID, "9f8b2f4e-6f3c-4a3e-9e57-0a4fd2a1b0cc")
    assert TriggerRule.objects.get_by_natural_key(rule.name) == rule
