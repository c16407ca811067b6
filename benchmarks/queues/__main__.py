"""Measures what it takes to enqueue tasks in transactions, run them and record their results, beside the peers.

    python -m benchmarks.queues [--rounds 5] [--tasks 500] [--database postgresql://...] [--broker amqp://...]

All are on one PostgreSQL server, each in a schema of its own: the server that is named, or one that the benchmark
starts and removes.
"""

import argparse
import os
import platform
import signal

import django

from benchmarks.queues.measurement import KINDS, Extent, measure
from benchmarks.queues.roster import OURS, PEERS
from benchmarks.queues.table import latency_lines, lines
from benchmarks.transitions.databases import POSTGRESQL_SETTINGS, postgresql_schemas, postgresql_server


def main() -> None:
    """Measure all in turns and print the tables."""
    # However it is ended, the contestants and their database go first.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    parser = argparse.ArgumentParser(prog="python -m benchmarks queues")
    parser.add_argument("--rounds", type=int, default=5, help="how often all take turns")
    parser.add_argument("--tasks", type=int, default=500, help="how many tasks a turn has")
    parser.add_argument("--latencies", type=int, default=10, help="how many tasks a round are timed from their commit")
    parser.add_argument("--database", default=os.environ.get("DATABASE_URL", ""), help="the URL of a PostgreSQL server")
    broker = os.environ.get("RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//")
    parser.add_argument("--broker", default=broker, help="the URL of RabbitMQ")
    given = parser.parse_args()
    print(f"Python {platform.python_version()}, Django {django.__version__}, PostgreSQL: {POSTGRESQL_SETTINGS}\n")
    extent = Extent(given.rounds, given.tasks, given.latencies)
    with postgresql_server(given.database) as url, postgresql_schemas(url) as place:
        standings = measure((OURS, *PEERS), place, given.broker, extent)
    for kind in KINDS:
        print("\n".join(lines(kind, standings)), flush=True)
    print("\n".join(latency_lines(standings)), flush=True)


if __name__ == "__main__":
    main()
