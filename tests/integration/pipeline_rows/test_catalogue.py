"""The catalogue: types with their rules, as a file that is taken in and written out."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from detent.trigger import TriggerRule
from pipeline.catalogue import METRICS_RULE, SHIPPED, exported, install
from pipeline.models import JobType, RecipeType
from tests.integration.pipeline_rows.factories import ingest, starting

pytestmark = pytest.mark.django_db

CHECKSUM = {
    "name": "checksum",
    "inputs": {"file": []},
    "trigger_rule": {"type": "INGEST", "configuration": ingest(starting("checksum"))},
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the catalogue is."""
    return tmp_path / "catalogue.json"


def put(path: Path, *job_types: Any) -> list[str]:
    """Put a catalogue of job types into force, and return the complaints."""
    path.write_text(json.dumps({"job_types": job_types}))
    return install(path).complaints


def state() -> list[tuple[Any, ...]]:
    """Return what can change: the types with their rules, and the rules."""
    rules = TriggerRule.objects.order_by("pk").values_list("pk", "is_active", "archived")
    return [*JobType.objects.order_by("pk").values_list("pk", "trigger_rule"), *rules]


def test_the_shipped_catalogue_is_valid_and_warns_of_nothing() -> None:
    """Every type has what it needs."""
    installed = install(SHIPPED)

    assert (installed.complaints, installed.warnings) == ([], [])
    assert JobType.objects.count() == 5
    assert RecipeType.objects.count() == 2


def test_taken_in_again_it_changes_nothing() -> None:
    """What it says is there already."""
    install(SHIPPED)
    before = state()

    install(SHIPPED)

    assert state() == before


def test_what_is_written_out_and_taken_in_again_changes_nothing(path: Path) -> None:
    """The rule's type, name, configuration, and whether it is active."""
    install(SHIPPED)
    before = state()
    path.write_text(json.dumps(exported()))

    assert install(path).complaints == []
    assert state() == before


def test_what_is_written_out_has_four_keys_of_a_rule(path: Path) -> None:
    """As Scale's had."""
    put(path, CHECKSUM)

    (entry,) = exported()["job_types"]
    assert entry["trigger_rule"].keys() == {"type", "name", "is_active", "configuration"}


def test_an_entry_that_does_not_speak_of_the_rule_leaves_it(path: Path) -> None:
    """Only what is said changes."""
    put(path, CHECKSUM)

    put(path, {"name": "checksum", "inputs": {"file": ["text/plain"]}})

    job_type = JobType.objects.get()
    assert job_type.inputs == {"file": ["text/plain"]}
    assert job_type.rule_in_force() is not None


@pytest.mark.parametrize("nothing", [None, {}])
def test_an_entry_with_null_for_a_rule_removes_it(path: Path, nothing: object) -> None:
    """It is archived."""
    put(path, CHECKSUM)

    put(path, {**CHECKSUM, "trigger_rule": nothing})

    assert JobType.objects.get().trigger_rule is None
    assert TriggerRule.objects.get(type="INGEST").archived is not None


def test_a_rule_that_an_operator_has_turned_off_stays_off(path: Path) -> None:
    """The catalogue does not say otherwise."""
    put(path, CHECKSUM)
    rule = TriggerRule.objects.get(type="INGEST")
    rule.is_active = False
    rule.save()

    put(path, CHECKSUM)

    assert not TriggerRule.objects.get(type="INGEST").is_active


def test_the_clocks_rule_is_loaded_once(path: Path) -> None:
    """Or the fixture would overwrite what an operator has revised."""
    put(path)
    revised = {"version": "1.0", "event_type": "DAILY_METRICS", "schedule": "PT12H"}
    TriggerRule.objects.get(name=METRICS_RULE).revise(revised)

    put(path)

    newest = TriggerRule.objects.get(name=METRICS_RULE, archived=None)
    assert newest.configuration["schedule"] == "PT12H"


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"name": "checksum", "colour": "red"}, "'colour' is not a key of an entry"),
        ({"inputs": {}}, "needs a name"),
        ({"name": "n" * 51}, "up to 50 characters"),
        ({"name": "checksum", "trigger_rule": "every file"}, "trigger_rule must be an object or null"),
        ({"name": "checksum", "trigger_rule": {"type": [], "configuration": {}}}, "invalid trigger rule type"),
        ("checksum", "See the shipped catalogue"),
    ],
)
def test_an_entry_that_cannot_be_is_named_and_the_others_are_in_force(path: Path, entry: Any, said: str) -> None:
    """A line that says what is wrong."""
    (complaint,) = put(path, entry, {"name": "other"})

    assert said in complaint
    assert JobType.objects.get().name == "other"


class TestTheCommand:
    """`manage.py catalogue`."""

    def test_a_dry_run_says_what_is_wrong_and_changes_nothing(self, path: Path) -> None:
        """Warnings and complaints."""
        bad = {"name": "bad", "colour": "red"}
        path.write_text(json.dumps({"job_types": [{**CHECKSUM, "name": "other"}, bad]}))
        said = StringIO()

        with pytest.raises(CommandError, match="'bad' is not in force"):
            call_command("catalogue", "import", str(path), "--dry-run", stdout=said)
        assert said.getvalue() == "Warning: 'other': No action of the rule starts 'other'\n"
        assert state() == []

    def test_it_takes_in_what_it_wrote(self, path: Path) -> None:
        """From one database to another."""
        install(SHIPPED)
        said = StringIO()
        call_command("catalogue", "export", stdout=said)
        path.write_text(said.getvalue())
        JobType.objects.all().delete()
        RecipeType.objects.all().delete()

        call_command("catalogue", "import", str(path))

        assert exported() == json.loads(path.read_text())

    def test_a_file_that_is_not_there_is_named(self, path: Path) -> None:
        """With its path."""
        with pytest.raises(CommandError, match=f"{path} cannot be read as a catalogue"):
            call_command("catalogue", "import", str(path))
