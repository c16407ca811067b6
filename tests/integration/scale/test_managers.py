"""Points 11 to 16, 32 and 62 of Scale's triggers: what rules and events do as a whole."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from detent.trigger.errors import NotInTransaction
from tests.integration.trigger.factories import rule_type
from trigger.configuration.exceptions import InvalidTriggerRule, InvalidTriggerType
from trigger.configuration.trigger_rule import TriggerRuleConfiguration
from trigger.handler import get_trigger_rule_handler
from trigger.models import TriggerEvent, TriggerRule

pytestmark = pytest.mark.django_db
WHEN = datetime(2017, 11, 28, 23, tzinfo=UTC)
EVERY_FILE = {"data": {"input_data_name": "file", "workspace_name": "raw"}}


def make_rule(name: str = "files", rule_type: str = "INGEST") -> TriggerRule:
    """Make a rule for every file."""
    return get_trigger_rule_handler(rule_type).create_trigger_rule(EVERY_FILE, name)


def fixture(folder: Path, *rules: tuple[str, str, dict[str, Any]]) -> str:
    """Write a fixture as the original's, keys null and all fields of a rule: type, name and configuration of each."""
    times = {"created": "2015-09-22T00:00:00Z", "archived": None, "last_modified": "2015-09-22T00:00:00Z"}
    rows = [
        {
            "model": "trigger.triggerrule",
            "pk": None,
            "fields": {"type": kind, "name": name, "configuration": said, "is_active": name != "inactive", **times},
        }
        for kind, name, said in rules
    ]
    path = folder / "metrics_trigger_rules.json"
    path.write_text(json.dumps(rows))
    return str(path)


class Noting(TriggerRuleConfiguration):
    """A configuration that notes how many rules there were when it was validated."""

    rules: list[int] = []

    def validate(self) -> None:
        """Ask the database."""
        self.rules.append(TriggerRule.objects.count())

    def get_dict(self) -> dict[str, Any]:
        """Return what is to be stored, which need not be what was given."""
        return {**super().get_dict(), "normalised": True}


@pytest.mark.parametrize(
    ("trigger_type", "description", "occurred", "text"),
    [
        (None, {}, WHEN, "Trigger event must have a type"),
        ("USER", None, WHEN, "Trigger event must have a JSON description"),
        ("USER", {}, None, "Trigger event must have a timestamp"),
    ],
)
def test_an_event_must_have_its_parts(trigger_type: Any, description: Any, occurred: Any, text: str) -> None:
    """Point 11: with the original's words, to the letter; nothing is written."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - it is what the original's callers catch
        TriggerEvent.objects.create_trigger_event(trigger_type, None, description, occurred)
    assert str(caught.value) == text
    assert not TriggerEvent.objects.exists()


def test_what_is_empty_is_not_missing() -> None:
    """Point 11: an empty type and an empty description pass, and no rule."""
    event = TriggerEvent.objects.create_trigger_event("", None, {}, WHEN)
    event.refresh_from_db()
    assert (event.type, event.rule, event.description, event.occurred) == ("", None, {}, WHEN)


def test_the_rule_of_an_event_must_have_been_saved() -> None:
    """Point 11: Django says so; nothing is written."""
    with pytest.raises(ValueError, match="unsaved"):
        TriggerEvent.objects.create_trigger_event("INGEST", TriggerRule(type="INGEST"), {}, WHEN)
    assert not TriggerEvent.objects.exists()


def test_an_event_is_locked_until_the_transaction_ends() -> None:
    """Point 12: alone, with no related rows."""
    event = TriggerEvent.objects.create_trigger_event("INGEST", make_rule(), {}, WHEN)
    with transaction.atomic(), CaptureQueriesContext(connection) as ran:
        assert TriggerEvent.objects.get_locked_event(event.pk) == event
    (query,) = [one["sql"] for one in ran if one["sql"].startswith("SELECT")]
    assert "trigger_rule" not in query.split("FROM")[1]
    assert query.endswith("FOR UPDATE") == connection.features.has_select_for_update


@pytest.mark.django_db(transaction=True)
def test_an_event_cannot_be_locked_outside_a_transaction() -> None:
    """Point 12: the error says what to do, on every database."""
    event = TriggerEvent.objects.create_trigger_event("USER", None, {}, WHEN)
    with pytest.raises(NotInTransaction, match=r"inside transaction\.atomic\(\)"):
        TriggerEvent.objects.get_locked_event(event.pk)


@pytest.mark.parametrize("missing", ["", None])
def test_a_rule_must_have_a_type(missing: Any) -> None:
    """Point 13: with the original's words, to the letter."""
    configuration = get_trigger_rule_handler("INGEST").create_configuration(EVERY_FILE)
    with pytest.raises(Exception) as caught:  # noqa: PT011 - it is what the original's callers catch
        TriggerRule.objects.create_trigger_rule(missing, configuration)
    assert str(caught.value) == "Trigger rule must have a type"


@pytest.mark.parametrize("missing", [None, {}])
def test_a_rule_must_have_a_configuration(missing: Any) -> None:
    """Point 13: with the original's words, to the letter."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - it is what the original's callers catch
        TriggerRule.objects.create_trigger_rule("INGEST", missing)
    assert str(caught.value) == "Trigger rule must have a configuration"


def test_a_rule_is_validated_before_it_is_saved_and_stored_as_it_is_normalised() -> None:
    """Point 13: `validate` is asked while there is no row yet; `get_dict` is what the row gets."""
    Noting.rules.clear()
    with rule_type("NOTING", Noting):
        rule = TriggerRule.objects.create_trigger_rule("NOTING", Noting("NOTING", {"a": 1}))
    rule.refresh_from_db()
    assert Noting.rules == [0]
    assert (rule.configuration, rule.name, rule.is_active) == ({"a": 1, "normalised": True}, "", True)


def test_archiving_ends_a_rule_and_touches_nothing_else() -> None:
    """Point 14: its events stay; it says since when."""
    rule = make_rule()
    event = TriggerEvent.objects.create_trigger_event("INGEST", rule, {}, WHEN)
    TriggerRule.objects.archive_trigger_rule(rule.pk)
    rule.refresh_from_db()
    assert (rule.is_active, rule.archived is not None) == (False, True)
    assert list(rule.triggerevent_set.all()) == [event]


def test_archiving_locks_the_rule() -> None:
    """Point 14: so that two who archive it do not pass each other."""
    rule = make_rule()
    with CaptureQueriesContext(connection) as ran:
        TriggerRule.objects.archive_trigger_rule(rule.pk)
    locked = [one["sql"] for one in ran if one["sql"].startswith("SELECT") and "FOR UPDATE" in one["sql"]]
    assert bool(locked) == connection.features.has_select_for_update


def test_the_natural_key_is_the_name() -> None:
    """Point 15: for rules whose names are unique; of one that is not, Django finds several."""
    assert make_rule("metrics").natural_key() == ("metrics",)
    assert TriggerRule.objects.get_by_natural_key("metrics").name == "metrics"
    make_rule("metrics")
    with pytest.raises(TriggerRule.MultipleObjectsReturned):
        TriggerRule.objects.get_by_natural_key("metrics")


@pytest.mark.parametrize("rule_type", ["INGEST", "PARSE", "CLOCK"])
def test_a_rule_makes_its_configuration_by_its_handler(rule_type: str) -> None:
    """Point 16: CLOCK rules have one now, too."""
    said = EVERY_FILE if rule_type != "CLOCK" else {"version": "1.0", "event_type": "JOB_LOAD", "schedule": "PT1H0M0S"}
    rule = get_trigger_rule_handler(rule_type).create_trigger_rule(said)
    assert rule.get_configuration().trigger_rule_type == rule_type
    assert rule.get_configuration().get_dict() == rule.configuration


def test_a_rule_of_an_unknown_type_has_no_configuration() -> None:
    """Point 16: the app that handled it may be gone."""
    with pytest.raises(InvalidTriggerType, match=r"^STRIKE is an invalid trigger rule type$"):
        TriggerRule(type="STRIKE").get_configuration()


def test_a_handler_saves_a_rule_without_a_name() -> None:
    """Point 21: its default, None, is stored as the empty text; the original failed at a column that is NOT NULL."""
    rule = get_trigger_rule_handler("INGEST").create_trigger_rule(EVERY_FILE)
    rule.refresh_from_db()
    assert (rule.name, rule.is_active) == ("", True)


def test_a_handler_refuses_an_invalid_configuration() -> None:
    """Point 21: nothing is written."""
    with pytest.raises(InvalidTriggerRule):
        get_trigger_rule_handler("INGEST").create_trigger_rule({"data": {}})
    assert not TriggerRule.objects.exists()


def test_a_stored_rule_of_version_1_0_is_converted_when_it_is_read(tmp_path: Path) -> None:
    """Point 32: the row stays as it is until the rule is revised."""
    old = {**EVERY_FILE, "version": "1.0", "condition": {"data_types": ["a"]}}
    call_command("loaddata", fixture(tmp_path, ("INGEST", "old", old)), verbosity=0)
    rule = TriggerRule.objects.get()
    assert rule.get_configuration().get_dict()["condition"]["any_of_data_types"] == []
    assert TriggerRule.objects.get().configuration == old
    assert rule.revise(old).configuration["version"] == "1.1"


def clock_rule(name: str, schedule: str) -> tuple[str, str, dict[str, Any]]:
    """Return type, name and configuration of a system rule of the original's."""
    return "CLOCK", name, {"version": "1.0", "event_type": "METRICS", "schedule": schedule}


def test_a_fixture_of_the_original_is_loaded_and_reloaded_in_place(tmp_path: Path) -> None:
    """Point 62: rules are found by their names, and keep their keys and lineages."""
    seen = []
    rules = [clock_rule("scale-daily-metrics", "PT24H0M0S"), clock_rule("inactive", "PT1H0M0S")]
    for _ in range(2):
        call_command("loaddata", fixture(tmp_path, *rules), verbosity=0)
        seen.append(list(TriggerRule.objects.order_by("name").values_list("pk", "name", "is_active", "lineage")))
    assert seen[0] == seen[1]
    assert [(name, active) for _, name, active, _ in seen[0]] == [
        ("inactive", False),
        ("scale-daily-metrics", True),
    ]
