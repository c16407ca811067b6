"""A run that is killed loses nothing and doubles nothing."""

import sqlite3
from pathlib import Path

import pytest

from tests.child import child_process, kill_group
from tests.integration.pipeline.demo import MANAGE, Demo
from tests.waiting import wait_until

FILES = 120
TABLES = 40
RECIPES = "SELECT state, count(*) FROM pipeline_recipe GROUP BY 1"


def fill(folder: Path) -> None:
    """Make many small Python files, documents and a broken image."""
    for number in range(FILES):
        (folder / f"module_{number}.py").write_text(f"def function_{number}() -> int:\n    return {number}\n")
    for number in range(10):
        (folder / f"page_{number}.md").write_text(f"# Page {number}\n")
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")


def count(demo: Demo, table: str) -> int:
    """Count a table's rows; none while it is not there yet."""
    try:
        return int(demo.rows(f"SELECT count(*) FROM {table}")[0][0])
    except sqlite3.OperationalError:
        return 0


def run_until_killed(demo: Demo, folder: Path, table: str, rows: int) -> None:
    """Begin a run, and kill it when a table has so many rows."""
    with child_process(MANAGE, "demo", folder, environment=demo.environment) as process:
        wait_until(
            lambda: demo.database.exists() and count(demo, table) >= rows, f"{rows} rows in {table}", every=0.002
        )
        assert process.poll() is None
        kill_group(process)
        process.wait()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The demo after a run that nothing disturbed, on the files of `fill`."""
    folder = tmp_path_factory.mktemp("files")
    fill(folder)
    demo = Demo(tmp_path_factory.mktemp("whole") / "state")
    assert demo.run(folder).returncode == 0
    return demo


@pytest.mark.parametrize(
    ("table", "rows"),
    [("trigger_occurrence", 1), ("pipeline_job", 1), ("pipeline_job", FILES)],
    ids=["while taking files in", "at the first job", "amid the jobs"],
)
def test_a_run_killed_in_the_middle_and_run_again_ends_as_one_that_was_not(
    demo: Demo, folder: Path, whole: Demo, table: str, rows: int
) -> None:
    """No file is lost and no job is doubled."""
    fill(folder)
    run_until_killed(demo, folder, table, rows)

    assert demo.run(folder).returncode == 0

    assert demo.jobs() == whole.jobs()
    assert demo.rows(RECIPES) == whole.rows(RECIPES) == [("completed", 10)]


def test_a_batch_killed_in_the_middle_goes_on_in_the_next_run(demo: Demo, folder: Path, tmp_path: Path) -> None:
    """Every table is audited once."""
    for number in range(TABLES):
        (folder / f"table_{number}.csv").write_text(f"number\n{number}\n")
    whole = Demo(tmp_path / "whole")
    assert whole.run(folder).returncode == 0
    run_until_killed(demo, folder, "pipeline_batch", 1)

    assert demo.run(folder).returncode == 0

    assert demo.jobs() == whole.jobs()
    assert demo.rows(RECIPES) == whole.rows(RECIPES) == [("completed", TABLES)]
    assert demo.rows("SELECT sum(created_count), sum(failed_count) FROM pipeline_batch") == [(TABLES, 0)]
    assert demo.rows("SELECT DISTINCT state FROM pipeline_batch") == [("completed",)]
