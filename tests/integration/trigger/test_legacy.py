"""A database that the original package has left is taken along."""

import json
from collections.abc import Iterator
from pkgutil import iter_modules

import pytest
from django.db import connection

from detent.trigger import migrations
from tests.child import child_process
from tests.databases import to_url

NAME = "detent_legacy_scale"
OURS = migrations.__path__
OF_THE_ORIGINAL = {
    "0001_initial",
    "0002_auto_20151125_1438",
    "0003_auto_20151202_1325",
    "0004_auto_20151207_1215",
    "0005_auto_20170412_1225",
}


@pytest.fixture
def legacy_url(transactional_db: None) -> Iterator[str]:
    """The URL of an empty database beside the test's own."""
    if connection.vendor != "postgresql":
        pytest.skip("The original package ran on PostgreSQL only; set DATABASE_URL to one.")
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {NAME}")
        cursor.execute(f"CREATE DATABASE {NAME}")
    try:
        yield to_url({**connection.settings_dict, "NAME": NAME})
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {NAME}")


def test_a_database_of_the_original_is_migrated(legacy_url: str) -> None:
    """Point 74: its five migrations count as ours, what we add is added, and its rows are read, matched and revised."""
    environment = {
        "DATABASE_URL": legacy_url,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": "examples/pipeline",
    }
    with child_process("-m", "tests.integration.trigger.legacy_database", environment=environment) as process:
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    seen = json.loads(output)
    assert {name for _, name in seen["migrations"]} == OF_THE_ORIGINAL | {module.name for module in iter_modules(OURS)}
    assert seen["rules"] == [
        ["INGEST", "", True],
        ["INGEST", "geotiff-parse", True],
        ["PARSE", "landsat", False],
        ["CLOCK", "scale-daily-metrics", True],
        ["CLOCK", "scale-job-load", True],
    ]
    assert (seen["lineages"], seen["own lineage"]) == (5, True)
    assert seen["versions"] == ["1.1", "1.1", "1.1", "1.0", "1.0"]
    assert seen["events"][:3] == [["SCALE_INIT", None, None, ""], ["USER", None, None, ""], ["INGEST", "", None, ""]]
    assert len(seen["events"]) == 9
    assert seen["descriptions"] == {"user": "Anonymous"}
    assert seen["triggered"] == [1, {"version": "1.0", "file_id": 99, "file_name": "z.txt"}]
    assert {"trigger_occurrence", "trigger_delivery", "trigger_ruleset"} <= set(seen["tables"])
    assert seen["revised"] == ["", "geotiff-parse", "scale-daily-metrics", "scale-job-load"]
    assert (seen["of their lineages"], seen["archived"], seen["triggered again"]) == (True, 5, [True, True])
    assert seen["versions of files"] == ["1.1"]
    assert seen["old events of the first rule"] == 1
