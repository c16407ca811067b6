"""A rule of the clock measures each day that has ended."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.management import call_command

from detent.testing import deliver_all
from detent.trigger import Delivery, TriggerRule
from detent.trigger.delivery.worker import Worker
from detent.workflow.log.models import TransitionLog
from pipeline.metrics import measure_day, measure_days
from pipeline.models import DailyMetrics, Job, JobType, SourceFile
from pipeline.purge import purge
from tests.integration.pipeline_rows.factories import make_event, make_file, make_job_type, make_user

pytestmark = pytest.mark.django_db

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
DAY = date(2026, 3, 1)


@pytest.fixture
def job_type() -> JobType:
    """A type for the jobs."""
    return make_job_type()


def file_at(moment: datetime) -> SourceFile:
    """Take a file in at a moment."""
    file = make_file()
    SourceFile.objects.filter(pk=file.pk).update(taken_in=moment)
    return file


def job_that_ran(job_type: JobType, began: datetime, seconds: float, *, fails: bool = False) -> Job:
    """Make a job that ran at a time in the past."""
    job = Job(file=file_at(began), job_type=job_type, event=make_event())
    job.start()
    if fails:
        job.fail("broken")
    else:
        job.complete({})
    log = TransitionLog.objects.filter(object_key=str(job.pk))
    log.filter(transition="start").update(timestamp=began)
    log.exclude(transition="start").update(timestamp=began + timedelta(seconds=seconds))
    return job


def test_a_days_files_are_counted() -> None:
    """From midnight to midnight, in UTC; the second midnight is the next day's."""
    for moment in (MIDNIGHT - timedelta(days=1), MIDNIGHT - timedelta(seconds=1), MIDNIGHT):
        file_at(moment)

    assert measure_day(DAY, make_event()).files == 2


def test_a_days_jobs_are_counted_by_the_states_that_they_entered(job_type: JobType) -> None:
    """As the transition log has them."""
    hour = MIDNIGHT - timedelta(hours=1)
    for fails in (False, False, True):
        job_that_ran(job_type, hour, 1, fails=fails)
    job_that_ran(job_type, MIDNIGHT, 1)

    assert measure_day(DAY, make_event()).jobs == {"running": 3, "completed": 2, "failed": 1}


def test_the_run_seconds_of_the_jobs_that_ended_that_day_are_added_up(job_type: JobType) -> None:
    """One that began the day before is counted whole; one that ended the day after is not."""
    job_that_ran(job_type, MIDNIGHT - timedelta(hours=1), 1.5)
    job_that_ran(job_type, MIDNIGHT - timedelta(days=1, seconds=10), 20, fails=True)
    job_that_ran(job_type, MIDNIGHT - timedelta(seconds=1), 2)

    assert measure_day(DAY, make_event()).run_seconds == 21.5


def test_a_job_that_was_tried_again_counts_each_run(job_type: JobType) -> None:
    """From the start before each end."""
    job = job_that_ran(job_type, MIDNIGHT - timedelta(hours=2), 3, fails=True)
    job.retry()
    job.start()
    job.complete({})
    again = TransitionLog.objects.filter(object_key=str(job.pk)).order_by("-pk")
    for log, seconds in zip(again[:3], (4, 0, 0), strict=True):
        TransitionLog.objects.filter(pk=log.pk).update(
            timestamp=MIDNIGHT - timedelta(hours=1) + timedelta(seconds=seconds)
        )

    assert measure_day(DAY, make_event()).run_seconds == 7


def test_a_day_without_anything_has_zeros() -> None:
    """It was measured, and nothing happened."""
    metrics = measure_day(DAY, make_event())

    assert (metrics.files, metrics.jobs, metrics.run_seconds) == (0, {}, 0)


def test_a_purge_does_not_change_what_was(job_type: JobType) -> None:
    """The log outlives the jobs."""
    job = job_that_ran(job_type, MIDNIGHT - timedelta(hours=1), 2)
    purge(job.file, make_user())

    metrics = measure_day(DAY, make_event())

    assert (metrics.jobs, metrics.run_seconds) == ({"running": 1, "completed": 1}, 2)


def test_a_day_that_is_measured_again_has_one_row_with_what_is_known_by_then() -> None:
    """It keeps the event at which it was first measured."""
    file_at(MIDNIGHT - timedelta(hours=1))
    first = measure_day(DAY, make_event())
    file_at(MIDNIGHT - timedelta(hours=1))

    again = measure_day(DAY, make_event())

    assert DailyMetrics.objects.get() == first
    assert (again.files, again.event) == (2, first.event)


def test_the_first_tick_measures_the_days_since_the_first_file() -> None:
    """Up to the day that has just ended."""
    file_at(MIDNIGHT - timedelta(days=3))

    measured = measure_days(MIDNIGHT, make_event())

    assert [metrics.day for metrics in measured] == [DAY - timedelta(days=2), DAY - timedelta(days=1), DAY]


def test_a_tick_after_a_time_without_a_clock_leaves_no_gap() -> None:
    """Every day since the last that was measured."""
    measure_days(MIDNIGHT - timedelta(days=3), make_event())

    measured = measure_days(MIDNIGHT, make_event())

    assert [metrics.day for metrics in measured] == [DAY - timedelta(days=days) for days in (2, 1, 0)]


class TestTheRule:
    """The fixture that comes with the pipeline."""

    @pytest.fixture(autouse=True)
    def rule(self) -> None:
        """It is loaded."""
        call_command("loaddata", "metrics_trigger_rules", verbosity=0)

    def test_it_ticks_daily(self) -> None:
        """As Scale's did."""
        rule = TriggerRule.objects.get(name="pipeline-daily-metrics")

        assert (rule.type, rule.configuration["schedule"]) == ("CLOCK", "PT24H0M0S")

    def test_loaded_again_it_is_the_same_row(self) -> None:
        """Found by its name, as it has no key."""
        rule = TriggerRule.objects.get()

        call_command("loaddata", "metrics_trigger_rules", verbosity=0)

        assert TriggerRule.objects.get() == rule

    def test_its_tick_measures_the_day_that_has_ended(self) -> None:
        """The row comes from the tick's event; the fixture is older than a day, so that a tick is due."""
        deliver_all()

        metrics = DailyMetrics.objects.get()
        assert metrics.day == metrics.event.occurred.date() - timedelta(days=1)
        assert (metrics.event.type, metrics.event.rule) == ("DAILY_METRICS", TriggerRule.objects.get())

    def test_a_day_that_could_not_be_measured_is_tried_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A processor of Scale's that failed was not asked again before the next day."""
        with monkeypatch.context() as failing:
            failing.setattr("pipeline.metrics.measure_day", None)
            Worker().run_once()
        assert Delivery.objects.get().state == "waiting"
        Delivery.objects.update(due=MIDNIGHT)

        deliver_all()

        assert Delivery.objects.get().state == "done"
        assert DailyMetrics.objects.exists()
