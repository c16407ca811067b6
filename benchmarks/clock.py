"""What a tick costs: 10,000 clock rules, of which 10 are due, each with an action.

    python -m benchmarks.clock [--rules 10000] [--due 10] [--rounds 20]

Runs on SQLite in a temporary folder (WAL), and on PostgreSQL: the server that DATABASE_URL names, or one that is there
for the length of the run. It makes and drops a database of its own.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.deliveries import ALIAS, configure, database
from benchmarks.transitions.databases import postgresql_server

TARGET_MS = 50
HERE = "--here"


def register_action() -> None:
    """Register what the rules ask for."""
    from detent.trigger.actions import action
    from detent.trigger.models import Delivery

    @action("benchmark.nothing")
    def nothing(delivery: Delivery) -> None: ...


def make_rules(number: int) -> None:
    """Make daily clock rules, half of them by cron."""
    from detent.trigger.models import TriggerRule

    schedules = ({"schedule": "P1D"}, {"cron": "0 2 * * *", "timezone": "Europe/Stockholm"})
    common = {"version": "1.1", "event_type": "benchmark", "actions": [{"action": "benchmark.nothing"}]}
    rules = (TriggerRule(type="CLOCK", configuration={**common, **schedules[place % 2]}) for place in range(number))
    TriggerRule.objects.bulk_create(rules, batch_size=1000)


def let_be_due(number: int) -> None:
    """Have nothing recorded, and let some rules, others each time, owe the slot of the day that has passed."""
    from detent.trigger.delivery.database_clock import DatabaseNow
    from detent.trigger.models import ClockSchedule, Delivery, Occurrence, TriggerEvent

    ClockSchedule.objects.update(revised=DatabaseNow(timedelta(days=-7)))
    for model in (Delivery, TriggerEvent, Occurrence):
        model.objects.all().delete()
    keys = list(ClockSchedule.objects.order_by("?").values_list("pk", flat=True)[:number])
    yesterday, due = DatabaseNow(timedelta(days=-1)), DatabaseNow(timedelta(seconds=-1))
    ClockSchedule.objects.filter(pk__in=keys).update(told=yesterday, due=due)


def measure(rules: int, due: int, rounds: int) -> None:
    """Print how long a tick takes that finds rules due, and one that finds none."""
    from detent.trigger.clock.turn import tick

    make_rules(rules)
    first = _milliseconds(lambda: tick(ALIAS))
    busy = []
    for _ in range(rounds + 1):
        let_be_due(due)
        busy.append(_milliseconds(lambda: tick(ALIAS)))
    idle = [_milliseconds(lambda: tick(ALIAS)) for _ in range(rounds)]
    let_be_due(due)
    with CaptureQueriesContext(connection) as queries:
        tick(ALIAS)
    # The first of them compiled the rules, as every process does once for all that it emits.
    compiling, busy = busy[0], busy[1:]
    median = statistics.median(busy)
    print(f"{connection.vendor}, {rules:,} clock rules, medians of {rounds}")
    print(f"  {due} due: {median:.1f} ms, at most {max(busy):.1f}; {len(queries)} statements with BEGIN and COMMIT")
    print(f"  none due: {statistics.median(idle):.1f} ms")
    print(f"  once: {first:,.0f} ms to write a row for each new rule, {compiling:,.0f} ms to compile all for `emit`")
    print(f"  the target is at most {TARGET_MS} ms: {'met' if median <= TARGET_MS else 'not met'}", flush=True)


def _milliseconds(work: Callable[[], int]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def main() -> None:
    """Measure on SQLite, then on PostgreSQL, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules", type=int, default=10_000, help="clock rules in force")
    parser.add_argument("--due", type=int, default=10, help="how many of them are due at a tick")
    parser.add_argument("--rounds", type=int, default=20, help="how many ticks are measured")
    parser.add_argument(HERE, action="store_true", help="measure on the one database of DATABASE_URL, or on SQLite")
    options = parser.parse_args()
    if not options.here:
        with postgresql_server(os.environ.get("DATABASE_URL", "")) as url:
            for database_url in ("", url):
                command = [sys.executable, "-m", "benchmarks.clock", HERE, *sys.argv[1:]]
                subprocess.run(command, env={**os.environ, "DATABASE_URL": database_url}, check=True)
        return
    with tempfile.TemporaryDirectory() as folder:
        configure(folder)
        register_action()
        with database():
            measure(options.rules, options.due, options.rounds)


if __name__ == "__main__":
    main()
