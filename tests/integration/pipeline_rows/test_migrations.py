"""A state of the demo that an earlier version left is taken along."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from pipeline.models import Run

BEFORE = [("pipeline", "0001_initial")]


@pytest.fixture
def latest() -> Iterator[list[tuple[str, str]]]:
    """Where the migrations end; whatever a test does, the database is there afterwards."""
    executor = MigrationExecutor(connection)
    targets = [node for node in executor.loader.graph.leaf_nodes() if node[0] == "pipeline"]
    yield targets
    MigrationExecutor(connection).migrate(targets)


@pytest.mark.django_db(transaction=True)
def test_what_was_called_a_batch_is_a_run(latest: list[tuple[str, str]]) -> None:
    """It keeps its row and its event; there is room for batches beside it."""
    executor = MigrationExecutor(connection)
    apps = executor.migrate(BEFORE).apps
    event = apps.get_model("trigger", "TriggerEvent").objects.create(type="USER", occurred=timezone.now())
    batch = apps.get_model("pipeline", "Batch").objects.create(event=event, folder="/in", files=3, state="completed")

    MigrationExecutor(connection).migrate(latest)

    run = Run.objects.get()
    assert (run.pk, run.event_id, run.folder, run.files, run.state) == (batch.pk, event.pk, "/in", 3, "completed")
