"""The database that a command is given."""

from django.core.management.base import CommandError
from django.db import connections, router

from detent.trigger.models import Delivery


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
