"""`manage.py detent redrive`: lets dead deliveries be tried again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet

from detent.trigger.delivery.operators import redrive
from detent.trigger.management.alias import known_alias
from detent.trigger.management.which_rule import find_rule
from detent.trigger.models import Delivery


class Command(BaseCommand):
    """Lets dead deliveries be tried again from their first attempt."""

    help = "Let dead deliveries be tried again from their first attempt: those named, of a rule, of an action, or all."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take which deliveries."""
        parser.add_argument("deliveries", nargs="*", type=int, help="Keys of deliveries.")
        parser.add_argument("--rule", metavar="RULE", help="Those of a rule, by its key or name, in any revision.")
        parser.add_argument("--action", help="Those with this action.")
        parser.add_argument("--all", action="store_true", help="All that are dead.")
        parser.add_argument("--cancelled", action="store_true", help="Take cancelled ones in place of dead ones.")
        parser.add_argument("--dry-run", action="store_true", help="Only say which.")
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS, help="The alias of the database.")

    def handle(self, *_: Any, database: str, dry_run: bool, **options: Any) -> None:
        """Redrive.

        Raises:
            CommandError: No delivery was asked for, or one that was cannot be redriven.
        """
        chosen = choose(Delivery.objects.using(known_alias(database)), **options)
        result = redrive(chosen, dry_run=dry_run)
        for key in result.moved:
            self.stdout.write(f"delivery {key}")
        self.stdout.write(f"{len(result.moved)} {'would be redriven' if dry_run else 'redriven'}.")
        if result.refused:
            reasons = ", ".join(f"{code} {count}" for code, count in result.refused.items())
            raise CommandError(f"{result.refused.total()} could not be redriven: {reasons}.")


def choose(
    rows: QuerySet[Delivery],
    *,
    deliveries: list[int],
    rule: str | None,
    action: str | None,
    cancelled: bool,
    **rest: Any,
) -> QuerySet[Delivery]:
    """Return the deliveries that the command line asks for.

    Raises:
        CommandError: It asks for none, or for those of a rule that there is not.
    """
    if deliveries:
        return rows.filter(pk__in=deliveries)
    if not (rule or action or rest["all"]):
        raise CommandError("Name deliveries by key, or give --rule, --action or --all.")
    rows = rows.filter(state="cancelled" if cancelled else "dead")
    rows = rows.filter(event__rule__lineage=find_rule(rule, rows.db).lineage) if rule else rows
    return rows.filter(action=action) if action else rows
