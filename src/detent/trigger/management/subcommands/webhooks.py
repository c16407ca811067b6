"""`manage.py detent webhooks`: the endpoints of webhooks, closed and opened by hand."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from detent.errors import DetentError
from detent.settings import detent_settings
from detent.trigger.management.alias import known_alias, take_database
from detent.trigger.webhook.endpoint import endpoint
from detent.trigger.webhook.gate import closed_reason, disable, enable


class Command(BaseCommand):
    """Lists, disables and enables endpoints."""

    help = "List the endpoints of webhooks, or disable or enable one; one that answers 410 Gone disables itself."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to do."""
        does = parser.add_subparsers(dest="does", required=True, metavar="list|disable|enable")
        does.add_parser("list", help="Each endpoint, its host, and whether it is enabled.")
        for act, help_text in (("disable", "Send nothing to it."), ("enable", "Send to it again.")):
            acting = does.add_parser(act, help=help_text)
            acting.add_argument("name", help='Its name in DETENT["WEBHOOKS"].')
        take_database(parser, *does.choices.values())

    def handle(self, *_: Any, does: str, database: str, name: str = "", **__: Any) -> None:
        """Do it.

        Raises:
            CommandError: There is no such database or endpoint, or its entry in the settings cannot be used.
        """
        known_alias(database)
        try:
            if does == "list":
                self._list(database)
            else:
                endpoint(name)
                changed = enable(name, database) if does == "enable" else disable(name, "By an operator.", database)
                self.stdout.write(f"{name} is {does}d." if changed else f"{name} was {does}d already.")
        except DetentError as error:
            raise CommandError(str(error)) from error

    def _list(self, database: str) -> None:
        for name in sorted(detent_settings().WEBHOOKS):
            reason = closed_reason(name, database)
            state = "enabled" if reason is None else f"disabled: {reason}"
            self.stdout.write(f"{name}: {endpoint(name).place.hostname}, {state}")
