"""What Detent itself costs a delivery: actions that do nothing, or insert one row, from claimed to done.

    python -m benchmarks.deliveries [--number 2000] [--finished 1000000]

Runs on SQLite in a temporary folder (WAL), or on the database that DATABASE_URL names, in which it makes and
drops a database of its own.
"""

import argparse
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.databases import from_environment

ALIAS = "default"


class Case(NamedTuple):
    """What is measured."""

    title: str
    action: str
    batch: int


class Figures(NamedTuple):
    """What was measured."""

    title: str
    number: int
    seconds: float
    statements: float

    def row(self) -> str:
        """Return the line of the table."""
        rate, each = self.number / self.seconds, 1000 * self.seconds / self.number
        measured = f"{self.number:>8,} {self.seconds:>8.2f} {rate:>8,.0f} {each:>8.2f} {self.statements:>11.1f}"
        return f"{self.title:<34} {measured}"


CASES = (
    Case("atomic, does nothing", "benchmark.nothing", 100),
    Case("atomic, inserts one row", "benchmark.insert", 100),
    Case("not atomic, does nothing", "benchmark.outside", 100),
    Case("atomic, nothing, claimed one by one", "benchmark.nothing", 1),
)
HEADER = f"{'action':<34} {'number':>8} {'seconds':>8} {'per s':>8} {'ms each':>8} {'statements':>11}"


def configure(folder: str) -> None:
    """Set Django up on the database to measure."""
    settings.configure(
        DATABASES={ALIAS: _database(folder)},
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "detent.workflow", "detent.trigger"],
        USE_TZ=True,
    )
    django.setup()


def _database(folder: str) -> dict[str, object]:
    database = from_environment()
    if database["ENGINE"].endswith("sqlite3"):
        database["NAME"] = str(Path(folder) / "benchmark.sqlite3")
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
        database["OPTIONS"] = {**database["OPTIONS"], "init_command": pragmas}
    return database


@contextmanager
def database() -> Iterator[None]:
    """Have an empty database for the length of the block."""
    if connection.vendor == "sqlite":
        call_command("migrate", verbosity=0)
        yield
        return
    old = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(old, verbosity=0)


def register_actions() -> None:
    """Register what is run."""
    from detent.trigger.actions import action
    from detent.trigger.models import Delivery, Ruleset

    @action("benchmark.nothing")
    def nothing(delivery: Delivery, *, number: int) -> None: ...

    @action("benchmark.insert")
    def insert(delivery: Delivery, *, number: int) -> None:
        Ruleset.objects.create(token=str(number))

    @action("benchmark.outside", atomic=False)
    def outside(delivery: Delivery, *, number: int) -> None: ...


def fill(action: str, number: int) -> None:
    """Write deliveries that wait, each with its own event and occurrence, as `emit` would."""
    from django.utils import timezone

    from detent.trigger.models import Delivery, Occurrence, TriggerEvent

    now = timezone.now()
    occurrences = Occurrence.objects.bulk_create(
        Occurrence(type="benchmark", source="benchmark", identifier=uuid.uuid4().hex, time=now, data={"number": index})
        for index in range(number)
    )
    events = TriggerEvent.objects.bulk_create(
        TriggerEvent(type="EVENT", occurred=now, occurrence=occurrence) for occurrence in occurrences
    )
    Delivery.objects.bulk_create(
        Delivery(event=event, action=action, position=0, settings={"number": "${data.number}"}, due=now)
        for event in events
    )


def measure(case: Case, number: int) -> Figures:
    """Run one case: once for the clock, and a hundred more to count statements."""
    from detent.trigger.delivery.worker import Worker

    worker = Worker(batch=case.batch)
    fill(case.action, number)
    seconds = _timed(worker.run_until_idle, number)
    fill(case.action, 100)
    with CaptureQueriesContext(connection) as queries:
        worker.run_until_idle()
    return Figures(case.title, number, seconds, len(queries) / 100)


def add_finished(number: int) -> None:
    """Write deliveries that are done, of one event, as fast as the database can."""
    from detent.trigger.models import Delivery

    columns = [str(field.column) for field in Delivery._meta.concrete_fields if field.name not in ("id", "position")]
    given = {"state": "'done'", "finished": "created"}
    values = ", ".join(given.get(column, column) for column in columns)
    # Positions are small: an event of its own for each ten thousand.
    with connection.cursor() as cursor:
        for start in range(0, number, 10_000):
            fill("benchmark.nothing", 1)
            newest = Delivery.objects.order_by("-pk").values_list("pk", flat=True)[0]
            cursor.execute(
                f"INSERT INTO trigger_delivery (position, {', '.join(columns)}) "
                "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s) "
                f"SELECT n, {values} FROM numbers, trigger_delivery WHERE id = %s",
                [min(10_000, number - start), newest],
            )
        cursor.execute("ANALYZE trigger_delivery")


def claim_among(finished: int, waiting: int = 10_000) -> str:
    """Measure a claim of a hundred among many, and return the line of the table."""
    from detent.settings import detent_settings
    from detent.trigger.delivery.barring import NONE_BARRED
    from detent.trigger.delivery.claim import CLAIMS
    from detent.trigger.models import Delivery

    add_finished(finished)
    fill("benchmark.nothing", waiting)
    take, lease = CLAIMS[connection.vendor], detent_settings().LEASE
    seconds = [_timed(lambda: len(take(ALIAS, "benchmark", 100, lease, NONE_BARRED, None)), 100) for _ in range(40)]
    total = Delivery.objects.count()
    return f"claim of 100, {waiting:,} waiting among {total:,}: {1000 * median(seconds):.2f} ms in the median of 40"


def _timed(work: Callable[[], int], expected: int) -> float:
    start = time.perf_counter()
    done = work()
    seconds = time.perf_counter() - start
    if done != expected:
        raise RuntimeError(f"{done} deliveries were run, not {expected}")
    return seconds


def main() -> None:
    """Measure all cases and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=2000, help="deliveries a case")
    parser.add_argument("--finished", type=int, default=0, help="finished deliveries among which claims are timed")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        configure(folder)
        register_actions()
        with database():
            print(f"one worker, one thread, {connection.vendor}; statements include BEGIN and COMMIT")
            print(HEADER)
            for case in CASES:
                print(measure(case, given.number).row(), flush=True)
            for finished in [1000, given.finished] if given.finished else []:
                print(claim_among(finished), flush=True)


if __name__ == "__main__":
    main()
