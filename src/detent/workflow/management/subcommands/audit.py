"""`manage.py detent audit`: rows in states that no workflow knows.

Log rows are not counted: a history may tell of states that there were.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS, connections, router

from detent.workflow.enabled import state_fields
from detent.workflow.fields import StateField
from detent.workflow.management.states import count_states


class Command(BaseCommand):
    """Counts the rows whose stored state is none of their workflow's."""

    help = "Count the rows in states that no workflow knows; exit 1 if there are any."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the database."""
        parser.add_argument(
            "--database",
            default=DEFAULT_DB_ALIAS,
            choices=tuple(connections),
            help="The alias of the database to look at.",
        )

    def handle(self, *_: Any, database: str, **__: Any) -> None:
        """Print a line for each unknown state.

        Raises:
            CommandError: There are such rows.
        """
        total = 0
        for field in _stored_state_fields(database):
            for state, count in unknown_states(field, database).items():
                self.stdout.write(f"{field.model._meta.label}.{field.name}: {count} in {state!r}")
                total += count
        if total:
            raise CommandError(f"Rows in states that no workflow knows: {total}; no transition starts there.")
        self.stdout.write("Every row is in a state that its workflow knows.")


def _stored_state_fields(using: str) -> Iterator[StateField]:
    for model in apps.get_models():
        has_table = model._meta.managed and not model._meta.proxy and router.allow_migrate_model(using, model)
        if has_table:
            yield from (field for field in state_fields(model).values() if field.model is model)


def unknown_states(field: StateField, using: str) -> dict[str, int]:
    """Return how many rows are in each state that the field's workflow does not know.

    Args:
        field: The state field.
        using: The alias of the database.
    """
    counts = count_states(field, using)
    return {state: count for state, count in sorted(counts.items()) if state not in field.workflow.states}
