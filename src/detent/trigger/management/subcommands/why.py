"""`manage.py detent why`: why an object is as it is."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS, connections, models

from detent.errors import DetentError
from detent.trigger.thread import Thread, why
from detent.trigger.thread.objects import LIMIT
from detent.trigger.thread.text import thread_text
from detent.workflow.management.states import find_model


class Command(BaseCommand):
    """Prints the causal thread of an object."""

    help = "Say why an object is as it is: its transitions, who or which rule made each, and what caused that."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take which object."""
        parser.add_argument("model", help='The model as "app.Model"; trigger.Occurrence is one too.')
        parser.add_argument("key", help="The object's key; one of several columns as a JSON list.")
        parser.add_argument(
            "--limit", type=int, default=LIMIT, help=f"How many transitions at most (default: {LIMIT})."
        )
        parser.add_argument("--json", action="store_true", help="Print the thread as JSON.")
        parser.add_argument(
            "--database", default=DEFAULT_DB_ALIAS, choices=tuple(connections), help="The alias of the database."
        )

    def handle(self, *_: Any, model: str, key: str, database: str, limit: int, json: bool, **__: Any) -> None:
        """Print the thread.

        Raises:
            CommandError: There is no such model, it has no such keys, or nothing is known of the object.
        """
        if limit < 1:
            raise CommandError(f"--limit must be 1 or more, not {limit}.")
        try:
            thread = why(named(find_model(model), key, database), limit=limit)
        except DetentError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(as_json(thread) if json else thread_text(thread))


def named(model: type[models.Model], key: str, using: str) -> models.Model:
    """Return an object with a key that was given as text; whether it is there, nobody has looked.

    Raises:
        CommandError: The model cannot have such a key.
    """
    try:
        instance = model(pk=_key(model._meta.pk, key))
    except (ValidationError, ValueError, TypeError) as error:
        reason = " ".join(error.messages) if isinstance(error, ValidationError) else error
        raise CommandError(f"{key!r} is no key of {model._meta.label}: {reason}") from error
    instance._state.db = using
    return instance


def _key(field: Any, text: str) -> Any:
    if not isinstance(field, models.CompositePrimaryKey):
        return field.to_python(text)
    values = json.loads(text)
    if not isinstance(values, list) or len(values) != len(field.fields):
        names = ", ".join(part.name for part in field.fields)
        raise ValueError(f"it is of several columns; write a JSON list of {names}")
    parts: list[Any] = list(field.fields)
    return tuple(part.to_python(value) for part, value in zip(parts, values, strict=True))


def as_json(thread: Thread) -> str:
    """Return a thread as JSON text."""
    return json.dumps(thread.as_data(), cls=DjangoJSONEncoder, indent=2)
