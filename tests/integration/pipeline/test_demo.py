"""The main job: files in, jobs and recipes out."""

from pathlib import Path
from xml.etree import ElementTree

from tests.integration.pipeline.demo import SAMPLES, Demo


def test_every_file_gets_the_jobs_that_its_rules_ask_for(demo: Demo, folder: Path) -> None:
    """A checksum for every file, and what its kind asks for beside it."""
    (folder / "a.py").write_text("def a() -> None:\n    '''A.'''\n")
    (folder / "b.txt").write_text("two words\n")

    assert demo.run(folder).returncode == 0

    assert demo.jobs() == [
        ("a.py", "checksum", "completed"),
        ("a.py", "python structure", "completed"),
        ("b.txt", "checksum", "completed"),
        ("b.txt", "text statistics", "completed"),
    ]


def test_a_recipe_runs_its_jobs_in_order(demo: Demo, folder: Path) -> None:
    """The outline of a document begins after its statistics are completed, caused by their completion."""
    (folder / "a.md").write_text("# Title\n")

    assert demo.run(folder).returncode == 0

    steps = demo.rows(
        "SELECT type.name, job.state, event.type FROM pipeline_job job JOIN pipeline_jobtype type "
        "ON type.id = job.job_type_id JOIN trigger_event event ON event.id = job.event_id "
        "WHERE job.recipe_id IS NOT NULL ORDER BY job.id"
    )
    assert steps == [
        ("text statistics", "completed", "INGEST"),
        ("document outline", "completed", "detent.transition"),
    ]
    assert demo.rows("SELECT state FROM pipeline_recipe") == [("completed",)]


def test_tables_are_audited_by_a_batch_once(demo: Demo, folder: Path) -> None:
    """No rule asks for it when they come in; the next batch finds nothing to make up for."""
    (folder / "a.csv").write_text("a,b\n1,2\n")

    first, second = demo.run(folder), demo.run(folder)

    assert "Batch 1 of table audit: 1 old files taken, 0 failed\n" in first.stdout
    assert "Batch 2 of table audit: 0 old files taken, 0 failed\n" in second.stdout
    assert demo.rows("SELECT state, batch_id FROM pipeline_recipe") == [("completed", 1)]


def test_a_job_on_a_broken_file_is_tried_again_and_ends_failed_with_the_reason_kept(demo: Demo, folder: Path) -> None:
    """Three attempts, then the dead letter; that a job failed is a result, not an error of the demo."""
    (folder / "broken.png").write_bytes((SAMPLES / "broken.png").read_bytes())

    done = demo.run(folder)

    assert done.returncode == 0
    [(state, reason)] = demo.rows("SELECT state, reason FROM pipeline_job WHERE reason != ''")
    assert (state, "truncated" in reason) == ("failed", True)
    assert demo.rows("SELECT state, attempts FROM trigger_delivery WHERE attempts > 1") == [("dead", 3)]
    assert f"Failed: image size of broken.png: {reason}" in done.stdout


def test_the_report_names_files_events_jobs_a_history_and_the_rate(first_demo: Demo) -> None:
    """What the run has to show is printed when it ends."""
    done = first_demo.run(SAMPLES)

    assert done.returncode == 0
    for expected in [
        f"12 files below {SAMPLES}: 12 new, 0 taken in before",
        "    12 checksum",
        "     1 failed",
        "running → failed by pipeline, caused by delivery ",
        "rule 'image size'",
        " files/s: 12 files in ",
    ]:
        assert expected in done.stdout


def test_the_diagram_shows_how_many_jobs_are_in_each_state(demo: Demo, folder: Path) -> None:
    """An SVG of the jobs' workflow is written beside the database."""
    (folder / "a.bin").write_bytes(b"\x00\x01")

    demo.run(folder)

    texts = "".join(ElementTree.parse(demo.state / "jobs.svg").getroot().itertext())
    assert "Completed" in texts
    assert "1" in texts


def test_a_second_run_on_the_same_folder_creates_nothing_twice_and_says_so(demo: Demo, folder: Path) -> None:
    """What was taken in before is told by its name and content."""
    (folder / "a.py").write_text("A = 1\n")
    demo.run(folder)
    first = demo.jobs()

    again = demo.run(folder)

    assert again.returncode == 0
    assert demo.jobs() == first
    assert "1 files below" in again.stdout
    assert "0 new, 1 taken in before" in again.stdout
    assert "nothing was created twice" in again.stdout


def test_a_changed_file_is_a_new_occurrence(demo: Demo, folder: Path) -> None:
    """Its old content keeps its jobs; the new one gets its own."""
    file = folder / "a.txt"
    file.write_text("before\n")
    demo.run(folder)
    file.write_text("after\n")

    demo.run(folder)

    assert len(demo.jobs()) == 4
    assert demo.rows("SELECT count(*) FROM trigger_occurrence WHERE type = 'INGEST'") == [(2,)]


def test_a_redriven_job_is_tried_again_and_keeps_its_reason(demo: Demo, folder: Path) -> None:
    """Its attempts begin anew; the job is the same."""
    (folder / "broken.png").write_bytes((SAMPLES / "broken.png").read_bytes())
    demo.run(folder)

    assert demo.run("redrive", "--all", command="detent").returncode == 0
    demo.run(folder)

    assert len(demo.jobs()) == 2
    errors = demo.rows("SELECT DISTINCT error FROM trigger_attempt WHERE outcome != 'done'")
    assert len(errors) == 1
    assert "truncated" in errors[0][0]
