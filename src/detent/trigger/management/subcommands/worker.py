"""`manage.py detent worker`: runs deliveries until it is told to stop."""

import threading
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DEFAULT_DB_ALIAS

from detent.trigger.delivery.supervisor import stopped_by_signals, supervise
from detent.trigger.delivery.worker import Worker
from detent.trigger.management.alias import known_alias


class Command(BaseCommand):
    """Runs deliveries and clock rules."""

    help = "Run deliveries and clock rules; SIGTERM and Ctrl-C end what is begun and release the rest."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how to work."""
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS, help="The alias of the database.")
        parser.add_argument(
            "--processes", type=int, help="Fork so many, and start one that dies again (default: work in this one)."
        )
        parser.add_argument("--threads", type=int, default=1, help="How many deliveries run at a time (default: 1).")
        parser.add_argument("--batch", type=int, default=100, help="How many a thread claims at once (default: 100).")
        parser.add_argument("--poll", type=float, default=1.0, help="Seconds between looks when idle (default: 1).")
        parser.add_argument("--name", help="How it signs its claims (default: the host's name).")
        parser.add_argument("--until-idle", action="store_true", help="End when nothing is due.")
        parser.add_argument("--health-file", type=Path, help="A file to touch while it works, for a probe of its age.")

    def handle(
        self,
        *_: Any,
        database: str,
        processes: int | None,
        threads: int,
        batch: int,
        poll: float,
        name: str | None,
        until_idle: bool,
        health_file: Path | None,
        **__: Any,
    ) -> None:
        """Work.

        Raises:
            CommandError: There is no such database.
        """
        worker = Worker(known_alias(database), batch=batch, threads=threads, name=name, health=health_file)

        def work(stop: threading.Event) -> int:
            return worker.run(stop, poll=poll, until_idle=until_idle)

        with stopped_by_signals() as stop:
            self.stdout.write(f"Worker {worker.name} runs the deliveries of database {database!r}.")
            self.stdout.flush()
            ran = supervise(processes, work, stop) if processes else work(stop)
        self.stdout.write(f"Worker {worker.name} ran {ran} deliveries.")
