"""A purge removes what was made of a file, and keeps count of it."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from detent.trigger import Delivery, TriggerEvent, emit
from detent.workflow.log.models import TransitionLog
from pipeline.models import Job, JobType, PurgeResults, Recipe, SourceFile
from pipeline.purge import purge, stop
from pipeline.recipes import advance
from tests.integration.pipeline_rows.factories import (
    ingest,
    make_event,
    make_file,
    make_job,
    make_job_type,
    make_recipe_type,
    make_rule,
    make_user,
    starting,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def job_type() -> JobType:
    """A type for the jobs."""
    return make_job_type()


@pytest.fixture
def file(job_type: JobType) -> SourceFile:
    """A file with two jobs, one of them in a recipe."""
    file = make_file()
    recipe = Recipe.objects.create(recipe_type=make_recipe_type(), file=file, event=make_event())
    make_job(file, job_type)
    make_job(file, job_type, recipe)
    return file


def counts(results: PurgeResults) -> tuple[int, int, int]:
    """Return how many jobs, recipes and products went."""
    return results.num_jobs_deleted, results.num_recipes_deleted, results.num_products_deleted


def test_jobs_their_results_and_recipes_go_and_are_counted(file: SourceFile) -> None:
    """The file's row and the events stay."""
    events = TriggerEvent.objects.count()

    results = purge(file, make_user())

    assert counts(results) == (2, 1, 2)
    assert not Job.objects.exists()
    assert not Recipe.objects.exists()
    assert SourceFile.objects.get() == file
    assert TriggerEvent.objects.count() == events + 1


def test_other_files_keep_theirs(file: SourceFile, job_type: JobType) -> None:
    """A purge is about one file."""
    job = make_job(make_file(), job_type)

    purge(file, make_user())

    assert Job.objects.get() == job


def test_a_purge_comes_from_the_event_of_who_asked(file: SourceFile) -> None:
    """From which it can be found."""
    results = purge(file, make_user())

    event = results.trigger_event
    assert (event.type, event.rule) == ("PURGE", None)
    assert event.description == {"user": "alice", "file_id": file.pk}
    assert list(event.purgeresults_set.all()) == [results]
    assert results.purge_completed is not None
    assert results.purge_started <= results.purge_completed


def test_the_log_tells_the_end_of_each_job_and_recipe_and_who_brought_it(file: SourceFile) -> None:
    """They move before their rows go, and the log outlives them."""
    results = purge(file, make_user())

    ends = TransitionLog.objects.filter(to_state="purged").order_by("pk")
    assert [(log.content_type.model, log.from_state) for log in ends] == [
        ("job", "completed"),
        ("job", "completed"),
        ("recipe", "queued"),
    ]
    assert {(log.user, log.context["purge"]) for log in ends} == {(make_user(), results.pk)}


def test_a_job_that_made_nothing_is_counted_without_a_product(job_type: JobType) -> None:
    """It has failed."""
    file = make_file()
    job = Job(file=file, job_type=job_type, event=make_event())
    job.start()
    job.fail("broken")

    assert counts(purge(file, make_user())) == (1, 0, 0)


def test_what_was_still_to_be_done_for_the_file_is_cancelled(file: SourceFile) -> None:
    """Or jobs would be made of it afterwards."""
    make_rule(configuration=ingest(starting("checksum")))
    emit("INGEST", {"file_id": file.pk, "file_name": file.path}, source="test")
    emit("INGEST", {"file_id": make_file().pk, "file_name": "other"}, source="test")

    purge(file, make_user())

    assert list(Delivery.objects.order_by("pk").values_list("state", flat=True)) == ["cancelled", "waiting"]


def test_a_purge_is_not_completed_while_something_is_still_to_be_done(
    file: SourceFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker may have given a delivery back after the others were cancelled."""
    make_rule(configuration=ingest(starting("checksum")))
    emit("INGEST", {"file_id": file.pk, "file_name": file.path}, source="test")
    with monkeypatch.context() as too_late:
        too_late.setattr("pipeline.purge.cancel", lambda deliveries, by: None)
        assert purge(file, make_user()).purge_completed is None

    assert purge(file, make_user()).purge_completed is not None


def test_a_recipe_that_was_purged_meanwhile_goes_no_further(file: SourceFile) -> None:
    """Its next step is not run, and nothing fails."""
    recipe = Recipe.objects.get()
    purge(file, make_user())

    assert advance(Delivery(), recipe.pk, "checksum") is None
    assert not Job.objects.exists()


def test_a_job_that_runs_stays_and_the_purge_goes_on_when_asked_again(file: SourceFile, job_type: JobType) -> None:
    """The record is the same, and complete in the end."""
    job = Job(file=file, job_type=job_type, event=make_event())
    job.start()
    first = purge(file, make_user())
    assert (counts(first), first.purge_completed) == ((2, 1, 2), None)
    job.complete({})

    second = purge(file, make_user())

    assert (second, counts(second)) == (first, (3, 1, 2))
    assert second.purge_completed is not None


def test_a_purge_that_was_killed_goes_on_where_it_was(file: SourceFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step commits by itself with its count."""
    monkeypatch.setattr("pipeline.purge.TOGETHER", 1)
    with monkeypatch.context() as killed:
        killed.setattr("pipeline.purge._count", killed_at_the_second())
        with pytest.raises(KeyboardInterrupt):
            purge(file, make_user())
    assert Job.objects.count() == 1

    results = purge(file, make_user())

    assert PurgeResults.objects.get() == results
    assert counts(results) == (2, 1, 2)


def killed_at_the_second() -> Any:
    """Return what counts once, and is interrupted the second time."""
    from pipeline.purge import _count

    calls = iter((False, True))

    def count(*arguments: Any, **removed: int) -> None:
        _count(*arguments, **removed)
        if next(calls):
            raise KeyboardInterrupt

    return count


def test_a_purge_can_be_stopped_between_two_steps(file: SourceFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stays uncompleted; another one can begin."""
    from pipeline.purge import _count

    def count_and_stop(*arguments: Any, **removed: int) -> None:
        _count(*arguments, **removed)
        assert stop(file) == 1

    with monkeypatch.context() as stopping:
        stopping.setattr("pipeline.purge.TOGETHER", 1)
        stopping.setattr("pipeline.purge._count", count_and_stop)
        stopped = purge(file, make_user())
    assert (stopped.force_stop_purge, stopped.purge_completed, Job.objects.count()) == (True, None, 1)

    another = purge(file, make_user())

    assert another != stopped
    assert (counts(another), another.force_stop_purge) == ((1, 1, 1), False)


def test_a_purged_file_is_not_made_up_for_by_a_batch(tmp_path: Path) -> None:
    """What was purged stays purged."""
    from pipeline.batches import backfill, request_batch

    recipe_type = make_recipe_type()
    purge(make_file(tmp_path), make_user())
    make_rule("BATCH", ingest(starting("review", "recipe_type", batch="${data.batch}")))

    batch, _ = request_batch(recipe_type, {"trigger_rule": {}}, "alice")
    backfill(batch)

    assert batch.created_count == 0


class TestTheCommand:
    """`manage.py purge`."""

    def test_it_says_what_was_removed(self, file: SourceFile) -> None:
        """A line for each content of the file."""
        said = StringIO()

        call_command("purge", file.path, stdout=said)

        assert said.getvalue() == f"{file.path}: 2 jobs, 2 results, 1 recipes removed\n"

    def test_it_says_when_a_worker_is_at_the_rest(self, file: SourceFile, job_type: JobType) -> None:
        """And what to do."""
        Job(file=file, job_type=job_type, event=make_event()).start()
        said = StringIO()

        call_command("purge", file.path, stdout=said)

        assert said.getvalue().endswith("removed; a worker is at the rest: run it again\n")

    def test_it_stops_a_purge(self, file: SourceFile) -> None:
        """And removes nothing itself."""
        PurgeResults.objects.create(trigger_event=make_event(), source_file_id=file.pk)
        said = StringIO()

        call_command("purge", file.path, stop=True, stdout=said)

        assert said.getvalue() == f"{file.path}: 1 purges stopped\n"
        assert PurgeResults.objects.get().force_stop_purge
        assert Job.objects.count() == 2

    def test_it_names_a_file_that_was_not_taken_in(self) -> None:
        """There is nothing to remove."""
        with pytest.raises(CommandError, match=r"No file was taken in as 'a\.txt'"):
            call_command("purge", "a.txt")
