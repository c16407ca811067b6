"""`manage.py detent deliveries`: whether the deliveries of a rule, which is triggered as ever, are run."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from detent.trigger.delivery.operators import close_breaker, pause, resume
from detent.trigger.management.alias import known_alias, take_database
from detent.trigger.management.which_rule import find_rule, find_user
from detent.workflow import InvalidTransitionError

ACTS = (
    ("pause", "Let none begin; what runs ends."),
    ("resume", "Let them go on."),
    ("close", "Close the rule's circuit breaker: let them go on before one was tried."),
)


class Command(BaseCommand):
    """Holds back the deliveries of a rule, and lets them go on."""

    help = "Hold back the deliveries of a rule, in any revision, or let them go on; it is triggered meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to do."""
        does = parser.add_subparsers(dest="does", required=True, metavar="pause|resume|close")
        for act, help_text in ACTS:
            acting = does.add_parser(act, help=help_text)
            acting.add_argument("rule", metavar="RULE", help="The key of a rule, or its name.")
            acting.add_argument("--by", metavar="USER", help="The name of the user who does it, for the log.")
        take_database(parser, *does.choices.values())

    def handle(self, *_: Any, does: str, rule: str, by: str | None, database: str, **__: Any) -> None:
        """Do it.

        Raises:
            CommandError: There is no such rule or user, or its deliveries are as they are to be already.
        """
        found, user = find_rule(rule, known_alias(database)), find_user(by, database)
        try:
            if does == "pause":
                held = pause(found.lineage, using=database, by=user)
                self.stdout.write(f"{found}: paused; {held} deliveries are held back.")
            elif does == "resume":
                resume(found.lineage, using=database, by=user)
                self.stdout.write(f"{found}: resumed.")
            else:
                close_breaker(found.lineage, using=database, by=user)
                self.stdout.write(f"{found}: its circuit breaker is closed.")
        except InvalidTransitionError as error:
            raise CommandError(str(error)) from error
