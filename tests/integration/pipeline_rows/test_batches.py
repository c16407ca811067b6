"""A batch takes old files, which a recipe type never processed, through a rule."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from detent.testing import deliver_all
from detent.trigger import TriggerEvent, TriggerRule
from detent.trigger.models import Occurrence
from pipeline.batches import InvalidBatch, backfill, request_batch
from pipeline.catalogue import SHIPPED
from pipeline.models import Batch, Recipe, RecipeType, SourceFile
from tests.integration.pipeline_rows.factories import (
    ingest,
    make_event,
    make_file,
    make_recipe_type,
    make_rule,
    starting,
)

pytestmark = pytest.mark.django_db

NOW = timezone.now()
PNG = {"media_type": "image/png", "data_type": "image"}


@pytest.fixture(autouse=True)
def shipped_rules() -> None:
    """The rules that start a batch's recipes, and go on with them."""
    for entry in json.loads(SHIPPED.read_text())["rules"]:
        make_rule(entry["type"], entry["configuration"], entry["name"])


@pytest.fixture
def recipe_type() -> RecipeType:
    """A recipe type whose rule is for text."""
    rule = make_rule(configuration=ingest(starting("review", "recipe_type"), media_type="text/plain"))
    return make_recipe_type(rule=rule)


def carry_out(recipe_type: RecipeType, trigger_rule: Any = True, **date_range: Any) -> Batch:
    """Ask for a batch and carry it out."""
    definition = {"trigger_rule": trigger_rule, **({"date_range": date_range} if date_range else {})}
    batch, _ = request_batch(recipe_type, definition, "alice")
    backfill(batch)
    return batch


def files_of(batch: Batch) -> list[SourceFile]:
    """Return the files that a batch took, whose recipes have been run since."""
    deliver_all()
    return [recipe.file for recipe in batch.recipe_set.order_by("file")]


def test_true_takes_files_through_the_recipe_types_rule(recipe_type: RecipeType, tmp_path: Path) -> None:
    """Those that meet its condition; their recipes are run to the end."""
    text, _ = make_file(tmp_path), make_file(tmp_path, **PNG)

    batch = carry_out(recipe_type)

    assert files_of(batch) == [text]
    assert (batch.created_count, batch.failed_count, batch.state) == (1, 0, "completed")
    assert Recipe.objects.get().state == "completed"


def test_a_rule_of_its_own_takes_files_by_media_type_and_tags(recipe_type: RecipeType, tmp_path: Path) -> None:
    """Whatever the recipe type's rule says; all the tags must be there."""
    image, _ = make_file(tmp_path, media_type="image/png", data_type="image,big"), make_file(tmp_path, **PNG)

    batch = carry_out(recipe_type, {"media_type": "image/png", "data_types": ["big", "image"]})

    assert files_of(batch) == [image]


def test_true_for_a_recipe_type_without_a_rule_is_a_warning(tmp_path: Path) -> None:
    """And takes nothing."""
    make_file(tmp_path)

    batch, warnings = request_batch(make_recipe_type(), {"trigger_rule": True}, "alice")
    backfill(batch)

    assert [warning.key for warning in warnings] == ["NO_TRIGGER_RULE"]
    assert (batch.created_count, batch.state) == (0, "completed")


@pytest.mark.parametrize(("kind", "column"), [("created", "taken_in"), ("data", "modified")])
def test_a_date_range_is_about_when_a_file_came_in_or_was_written(
    recipe_type: RecipeType, tmp_path: Path, kind: str, column: str
) -> None:
    """Both ends belong to it."""
    files = [make_file(tmp_path) for _ in range(4)]
    for days, file in enumerate(files):
        SourceFile.objects.filter(pk=file.pk).update(**{column: NOW + timedelta(days=days)})
    ends = {"started": (NOW + timedelta(days=1)).isoformat(), "ended": (NOW + timedelta(days=2)).isoformat()}

    batch = carry_out(recipe_type, True, type=kind, **ends)

    assert files_of(batch) == files[1:3]


def test_a_date_alone_stands_for_its_whole_day(recipe_type: RecipeType, tmp_path: Path) -> None:
    """At either end."""
    moments = ["2026-03-01T23:59:59Z", "2026-03-02T00:00:00Z", "2026-03-02T23:59:59Z", "2026-03-03T00:00:00Z"]
    files = [make_file(tmp_path, modified=datetime.fromisoformat(moment)) for moment in moments]

    batch = carry_out(recipe_type, True, type="data", started="2026-03-02", ended="2026-03-02")

    assert files_of(batch) == files[1:3]


def test_a_file_that_the_recipe_type_processed_is_left(recipe_type: RecipeType, tmp_path: Path) -> None:
    """It is not old to that recipe type; what another one did does not count."""
    processed, other = make_file(tmp_path), make_file(tmp_path)
    Recipe.objects.create(recipe_type=recipe_type, file=processed, event=make_event())
    Recipe.objects.create(recipe_type=make_recipe_type("second"), file=other, event=make_event())

    assert files_of(carry_out(recipe_type)) == [other]


def test_each_file_is_a_batch_event_from_which_its_recipe_comes(recipe_type: RecipeType, tmp_path: Path) -> None:
    """With Scale's description."""
    file = make_file(tmp_path)

    files_of(carry_out(recipe_type))

    event = TriggerEvent.objects.get(type="BATCH")
    assert event.description == {"version": "1.0", "file_id": file.pk, "file_name": file.path}
    assert event.recipe_set.get().file == file


def test_the_batch_itself_comes_from_the_event_of_who_asked(recipe_type: RecipeType) -> None:
    """No rule made it."""
    event = carry_out(recipe_type).event

    assert (event.type, event.rule, event.description) == ("USER", None, {"user": "alice"})


def test_a_second_batch_asks_for_nothing_twice(recipe_type: RecipeType, tmp_path: Path) -> None:
    """Neither before the recipes of the first have been run nor after."""
    make_file(tmp_path)
    first, second = carry_out(recipe_type), carry_out(recipe_type, {"media_type": "text/plain"})
    deliver_all()
    third = carry_out(recipe_type)
    deliver_all()

    assert [batch.created_count for batch in (first, second, third)] == [1, 0, 0]
    assert Recipe.objects.count() == 1


def test_a_file_that_fails_is_counted_and_the_others_go_on(
    recipe_type: RecipeType, tmp_path: Path, settings: Any
) -> None:
    """Its name is more than an occurrence may hold."""
    settings.DETENT = {"MAX_DATA_BYTES": 300}
    first, _, last = make_file(tmp_path), make_file(path="n" * 300), make_file(tmp_path)

    batch = carry_out(recipe_type)

    assert (batch.created_count, batch.failed_count) == (2, 1)
    assert files_of(batch) == [first, last]


def test_without_a_rule_that_starts_the_recipes_every_file_fails(recipe_type: RecipeType, tmp_path: Path) -> None:
    """They stay old: a later batch takes them."""
    rule = TriggerRule.objects.get(type="BATCH")
    rule.is_active = False
    rule.save()
    make_file(tmp_path)

    failing = carry_out(recipe_type)
    rule.is_active = True
    rule.save()

    assert (failing.created_count, failing.failed_count) == (0, 1)
    assert carry_out(recipe_type).created_count == 1


def test_a_batch_that_was_killed_goes_on_where_it_was(
    recipe_type: RecipeType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files that it had taken are counted once."""
    for _ in range(3):
        make_file(tmp_path)
    monkeypatch.setattr("pipeline.batches.backfilling.TOGETHER", 1)
    monkeypatch.setattr("pipeline.batches.backfilling._emit", killed_at_the_second())
    with pytest.raises(KeyboardInterrupt):
        carry_out(recipe_type)

    batch = carry_out(recipe_type)

    assert Batch.objects.get() == batch
    assert (batch.created_count, batch.state) == (3, "completed")
    assert Occurrence.objects.filter(type="BATCH").count() == 3


def killed_at_the_second() -> Any:
    """Return what emits once, and is interrupted when it has emitted again; then it works as ever."""
    from pipeline.batches.backfilling import _emit

    calls: Iterator[bool] = iter((False, True, *[False] * 9))

    def emit(*arguments: Any) -> Any:
        emitted = _emit(*arguments)
        if next(calls):
            raise KeyboardInterrupt
        return emitted

    return emit


@pytest.mark.parametrize(
    ("definition", "path"),
    [
        ({}, ""),
        ({"trigger_rule": False}, "trigger_rule"),
        ({"trigger_rule": {"data_types": "text"}}, "trigger_rule"),
        ({"trigger_rule": {"colour": "red"}}, "trigger_rule"),
        ({"trigger_rule": True, "date_range": {}}, "date_range"),
        ({"trigger_rule": True, "date_range": {"type": "size"}}, "date_range.type"),
        ({"trigger_rule": True, "date_range": {"type": "data", "ended": "soon"}}, "date_range.ended"),
        ({"trigger_rule": True, "colour": "red"}, ""),
        ([], ""),
    ],
)
def test_a_batch_that_cannot_be_is_refused_and_nothing_is_written(
    recipe_type: RecipeType, definition: Any, path: str
) -> None:
    """The error names the place."""
    with pytest.raises(InvalidBatch) as refused:
        request_batch(recipe_type, definition, "alice")
    assert refused.value.path.startswith(path)
    assert not Batch.objects.exists()
    assert not TriggerEvent.objects.exists()


class TestTheCommand:
    """`manage.py batch`."""

    def test_it_says_what_came_of_it(self, recipe_type: RecipeType, tmp_path: Path) -> None:
        """And has worked it off."""
        make_file(tmp_path)
        make_file(tmp_path, **PNG)
        said = StringIO()

        call_command("batch", "review", media_type="image/png", data_type=["image"], stdout=said)

        assert said.getvalue() == f"Batch {Batch.objects.get().pk} of review: 1 old files taken, 0 failed\n"
        assert Recipe.objects.get().state == "completed"

    def test_it_names_the_recipe_types_there_are(self, recipe_type: RecipeType) -> None:
        """When none has the name."""
        with pytest.raises(CommandError, match=r"no recipe type 'reveiw'; there are: review\."):
            call_command("batch", "reveiw")

    def test_it_refuses_a_date_that_is_none(self, recipe_type: RecipeType) -> None:
        """With the place."""
        with pytest.raises(CommandError, match=r"date_range\.started: 'soon' is no ISO 8601"):
            call_command("batch", "review", started="soon")
