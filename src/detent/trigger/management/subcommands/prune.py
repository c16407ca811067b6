"""`manage.py detent prune`: forgets what is long over."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS

from detent.schedules import InvalidSchedule, Period
from detent.trigger.delivery.prune import prune
from detent.trigger.management.alias import known_alias


class Command(BaseCommand):
    """Removes deliveries that are over, then events and occurrences that nothing holds."""

    help = "Remove deliveries done or cancelled long ago, then events and occurrences that nothing holds."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take how long ago."""
        parser.add_argument("--older-than", required=True, help="An ISO-8601 period, such as P90D.")
        parser.add_argument("--dry-run", action="store_true", help="Only say how many.")
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS, help="The alias of the database.")

    def handle(self, *_: Any, older_than: str, dry_run: bool, database: str, **__: Any) -> None:
        """Prune.

        Raises:
            CommandError: The period cannot be read.
        """
        try:
            age = Period.parse(older_than).duration
        except InvalidSchedule as error:
            raise CommandError(f"--older-than: {error}") from error
        pruned = prune(known_alias(database), age, dry_run=dry_run)
        counts = f"{pruned.deliveries} deliveries, {pruned.events} events and {pruned.occurrences} occurrences"
        self.stdout.write(f"{counts} {'would be removed' if dry_run else 'removed'}.")
