"""The database that a command is given."""

from argparse import SUPPRESS, ArgumentParser

from django.core.management.base import CommandError
from django.db import DEFAULT_DB_ALIAS, connections, router

from detent.trigger.models import Delivery


def take_database(command: ArgumentParser, *verbs: ArgumentParser) -> None:
    """Let a command take a database, before its verb or after it.

    Args:
        command: The parser of the command.
        verbs: Those of what it can do.
    """
    command.add_argument("--database", default=DEFAULT_DB_ALIAS, help="The alias of the database.")
    for verb in verbs:
        # A default here would hide what was given before the verb.
        verb.add_argument("--database", default=SUPPRESS, help="The alias of the database.")


def known_alias(alias: str) -> str:
    """Return the alias of a database that the settings have, and that has rules and deliveries.

    Raises:
        CommandError: They do not, or the project's routers keep such rows from it.
    """
    if alias not in connections.settings:
        raise CommandError(f"There is no database {alias!r}; DATABASES has {', '.join(sorted(connections.settings))}.")
    if not router.allow_migrate_model(alias, Delivery):
        raise CommandError(f"By DATABASE_ROUTERS, database {alias!r} has no rules and no deliveries.")
    return alias
