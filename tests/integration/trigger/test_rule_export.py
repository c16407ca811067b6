"""Rules are taken out of a database as the file that would bring them in."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from detent.trigger import Delivery, TriggerRule
from detent.trigger.actions import actions
from detent.trigger.rule_files import RuleEntry, export_rules, import_rules, read_rule_file
from detent.trigger.written.file import WRITERS
from tests.integration.trigger.factories import event_rule, make_rule, note_action, stored_rule
from tests.integration.trigger.rule_command import complaints, output, run

pytestmark = pytest.mark.django_db
FILES: dict[str, Any] = {"data": {"input_data_name": "a", "workspace_name": "b"}}


def rules_of_all_kinds() -> None:
    """Make rules of every type: revised, paused, archived, and stored by an older version."""
    with note_action() as note:
        event_rule(name="orders", actions=[note], delivery={"attempts": 3}).revise(
            {"version": "1.0", "pattern": {"type": ["é", "no", "1.0", "2026-01-01"], "data": {"on": [1, 0.5, None]}}}
        )
    make_rule("TRANSITION", {"version": "1.0", "model": "shop.order", "to": ["shipped"]}, "shipped")
    make_rule("CLOCK", {"event_type": "NIGHTLY", "schedule": "PT24H"}, "nightly").pause()
    make_rule("PARSE", FILES, "over").archive()
    stored_rule("INGEST", {"version": "1.0", **FILES}, "files")


@pytest.mark.parametrize("suffix", ["json", "yaml"])
def test_what_was_exported_is_unchanged_where_it_came_from(tmp_path: Path, suffix: str) -> None:
    """However the rules came there."""
    rules_of_all_kinds()
    path = tmp_path / f"rules.{suffix}"
    assert run("export", "--output", path) == []
    names = ["files", "nightly", "orders", "shipped"]
    assert run("import", path) == [f"{name}: unchanged" for name in names]


@pytest.mark.parametrize("suffix", ["json", "yaml"])
def test_what_was_exported_makes_the_same_rules_in_an_empty_database(tmp_path: Path, suffix: str) -> None:
    """The same again is unchanged there too; what was paused is paused."""
    rules_of_all_kinds()
    path, second = tmp_path / f"rules.{suffix}", tmp_path / "second.json"
    run("export", "--output", path)
    TriggerRule.objects.update(supersedes=None)
    TriggerRule.objects.all().delete()
    done = run("import", path)
    assert done == ["files: created", "nightly: created and paused", "orders: created", "shipped: created"]
    assert [line.split(": ")[1] for line in run("import", path)] == ["unchanged"] * 4
    assert TriggerRule.objects.get(name="nightly").is_active is False
    run("export", "--output", second)
    assert run("import", second)[0] == "files: unchanged"


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0$"), max_size=8)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
contents = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3))


@pytest.mark.parametrize("form", WRITERS)
@settings(max_examples=100)
@given(name=texts.filter(bool), content=contents)
def test_every_text_and_number_survives_the_way_through_a_file(
    tmp_path_factory: pytest.TempPathFactory, form: str, name: str, content: Any
) -> None:
    """Also those that YAML has another meaning for."""
    path = tmp_path_factory.getbasetemp() / f"rules.{form}"
    entry = {"name": name, "type": "EVENT", "configuration": {"any": content}}
    path.write_text(WRITERS[form]([entry]), encoding="utf-8")
    (read,) = read_rule_file(path)
    assert (read.name, read.configuration) == (name, {"any": content})


@settings(max_examples=25)
@given(content=contents)
def test_any_rule_imported_from_its_export_is_unchanged(content: Any) -> None:
    """Whatever the database makes of its numbers."""

    def keep(delivery: Delivery, *, any: object) -> None:  # noqa: A002
        """Do nothing."""

    with actions.registered("test.keep", keep), transaction.atomic():
        event_rule(name="any", actions=[{"action": "test.keep", "input": {"any": content}}])
        entries = [RuleEntry(**entry) for entry in export_rules("default").entries]
        plan = import_rules(entries, "default")
        transaction.set_rollback(True)
    assert [change.acts for change in plan.changes] == [()]


def test_some_rules_are_exported_by_name_or_key() -> None:
    """As JSON where nothing else is asked for."""
    event_rule(name="another")
    rule = event_rule(name="orders")
    expected = [{"name": "orders", "type": "EVENT", "configuration": rule.configuration}]
    assert json.loads(output("export", "orders")) == json.loads(output("export", rule.pk)) == expected
    assert run("export", "orders", "--format", "yaml")[0] == "- name: orders"


def test_rules_that_a_file_cannot_tell_apart_are_left_out_and_named() -> None:
    """Nothing is left out silently."""
    nameless = event_rule()
    twins = [event_rule(name="twins") for _ in range(2)]
    assert json.loads(output("export")) == []
    assert complaints("export") == [
        f"left out: rule {nameless.pk}, as it has no name",
        *(f"left out: rule {twin.pk}, as another is called 'twins' too" for twin in twins),
    ]


def test_an_archived_rule_is_not_exported() -> None:
    """An import would put it into force."""
    rule = event_rule(name="over")
    rule.archive()
    with pytest.raises(CommandError, match=f"Rule {rule.pk} is archived"):
        run("export", "over")


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """With the reason."""
    with pytest.raises(CommandError, match="nowhere"):
        run("export", "--output", tmp_path / "nowhere" / "rules.json")
