"""Points 1 to 8 of Scale's triggers: the tables."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.models import ProtectedError

from trigger.handler import get_trigger_rule_handler
from trigger.models import TriggerEvent, TriggerRule

pytestmark = pytest.mark.django_db
WHEN = datetime(2017, 11, 28, 23, tzinfo=UTC)
EVERY_FILE = {"data": {"input_data_name": "file", "workspace_name": "raw"}}


def make_rule(name: str = "files") -> TriggerRule:
    """Make an INGEST rule."""
    return get_trigger_rule_handler("INGEST").create_trigger_rule(EVERY_FILE, name)


def options_of(model: type[models.Model], name: str) -> dict[str, Any]:
    """Return what a field of a model was declared with."""
    *_, options = model._meta.get_field(name).deconstruct()
    return options


def columns(table: str) -> dict[str, Any]:
    """Return the columns of a table in the database."""
    with connection.cursor() as cursor:
        return {column.name: column for column in connection.introspection.get_table_description(cursor, table)}


def indexed(table: str) -> set[str]:
    """Return the columns of a table that have an index to themselves."""
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, table).values()
    return {one["columns"][0] for one in constraints if one["index"] and len(one["columns"] or ()) == 1}


def test_rules_are_in_the_table_trigger_rule() -> None:
    """Point 1: of the app `trigger`."""
    assert (TriggerRule._meta.app_label, TriggerRule._meta.db_table) == ("trigger", "trigger_rule")
    assert {"id", "type", "name", "configuration", "is_active", "created", "archived", "last_modified"} <= (
        columns("trigger_rule").keys()
    )


def test_a_type_is_50_characters_and_indexed() -> None:
    """Point 2: of a rule."""
    assert options_of(TriggerRule, "type") == {"max_length": 50, "db_index": True}
    assert "type" in indexed("trigger_rule")


def test_a_name_is_50_characters_never_null_and_not_unique() -> None:
    """Point 3: two rules may share one; without one it is the empty text."""
    assert options_of(TriggerRule, "name") == {"max_length": 50, "blank": True, "default": ""}
    assert not columns("trigger_rule")["name"].null_ok
    make_rule("same")
    make_rule("same")
    assert TriggerRule.objects.filter(name="same").count() == 2


def test_a_configuration_is_json_and_never_null() -> None:
    """Point 4: an empty object by itself."""
    field = TriggerRule._meta.get_field("configuration")
    assert (type(field), field.default, field.null) == (models.JSONField, dict, False)
    assert not columns("trigger_rule")["configuration"].null_ok


def test_a_rule_is_active_unless_it_is_said_not_to_be() -> None:
    """Point 5: an indexed flag."""
    assert options_of(TriggerRule, "is_active") == {"default": True, "db_index": True}
    assert "is_active" in indexed("trigger_rule")
    assert make_rule().is_active


def test_a_rule_knows_its_times() -> None:
    """Point 6: when it was made, changed and archived."""
    assert options_of(TriggerRule, "created") == {"auto_now_add": True}
    assert options_of(TriggerRule, "last_modified") == {"auto_now": True}
    assert options_of(TriggerRule, "archived") == {"blank": True, "null": True}


def test_a_rule_is_changed_by_archiving_it_and_making_another() -> None:
    """Point 6: which `revise` does in one step; the original's way, by hand, works as well."""
    rule = make_rule()
    TriggerRule.objects.archive_trigger_rule(rule.pk)
    make_rule()
    assert list(TriggerRule.objects.order_by("pk").values_list("is_active", flat=True)) == [False, True]


def test_an_event_has_the_originals_columns() -> None:
    """Point 7: type, rule, description and when it occurred, which its maker says."""
    assert (TriggerEvent._meta.app_label, TriggerEvent._meta.db_table) == ("trigger", "trigger_event")
    assert {"id", "type", "rule_id", "description", "occurred"} <= columns("trigger_event").keys()
    assert options_of(TriggerEvent, "type") == {"max_length": 50, "db_index": True}
    assert options_of(TriggerEvent, "occurred") == {"db_index": True}
    assert options_of(TriggerEvent, "description") == {"default": dict}
    assert {"type", "occurred", "rule_id"} <= indexed("trigger_event")


def test_an_event_needs_no_rule_and_a_time() -> None:
    """Point 7: the rule is nullable, the time is not."""
    assert TriggerEvent.objects.create(type="USER", occurred=WHEN).rule is None
    with pytest.raises(IntegrityError), transaction.atomic():
        TriggerEvent.objects.create(type="USER")


def test_a_rule_with_events_cannot_be_deleted() -> None:
    """Point 8: nor an archived one."""
    rule = make_rule()
    TriggerEvent.objects.create_trigger_event("INGEST", rule, {}, WHEN)
    rule.archive()
    with pytest.raises(ProtectedError):
        rule.delete()
