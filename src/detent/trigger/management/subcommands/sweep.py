"""`manage.py detent sweep`: looks after deliveries that Celery's or Django's own task workers run."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DEFAULT_DB_ALIAS

from detent.trigger.delivery.supervisor import stopped_by_signals
from detent.trigger.delivery.sweeper import Sweeper
from detent.trigger.management.alias import known_alias


class Command(BaseCommand):
    """Repeats hints, and sees to clocks, timers and leases."""

    help = "Hint again at deliveries that are due and unclaimed; see to clocks, timers and leases."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take where and how often."""
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS, help="The alias of the database.")
        parser.add_argument("--every", type=float, default=1.0, help="Seconds between two sweeps (default: 1).")
        parser.add_argument("--once", action="store_true", help="Sweep once and end.")

    def handle(self, *_: Any, database: str, every: float, once: bool, **__: Any) -> None:
        """Sweep.

        Raises:
            CommandError: There is no such database.
        """
        sweeper = Sweeper(known_alias(database))
        if once:
            self.stdout.write(f"Hinted at {sweeper.sweep()} deliveries.")
            return
        with stopped_by_signals() as stop:
            self.stdout.write(f"Sweeping the deliveries of database {database!r}.")
            self.stdout.flush()
            sweeper.run(stop, every=every)
