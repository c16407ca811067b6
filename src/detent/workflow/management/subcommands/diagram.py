"""`manage.py detent diagram`: a picture of a model's workflow."""

from collections.abc import Mapping
from pathlib import Path
from shlex import quote
from typing import Any, get_args

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS

from detent.machine.diagram import Format, diagram
from detent.machine.diagram.difference import difference
from detent.workflow.enabled import state_fields
from detent.workflow.fields import StateField
from detent.workflow.management.states import count_states, find_state_field

_FORMATS: Mapping[str, Format] = {
    ".svg": "svg",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".dot": "dot",
    ".gv": "dot",
}
_MOST_LINES = 40


class Command(BaseCommand):
    """Writes the diagram of a workflow to standard output, or compares it with one that is kept."""

    help = "Write a diagram of a model's workflow."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the model, its state field and the format."""
        parser.add_argument("model", help='The model as "app.Model".')
        parser.add_argument("--field", default="", help="The state field, where the model has several.")
        parser.add_argument(
            "--format", choices=get_args(Format), help="Default: svg, or what the name of the file to check says."
        )
        parser.add_argument("--counts", action="store_true", help="Show how many objects are in each state now.")
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS, help="The alias of the database to count in.")
        parser.add_argument(
            "--check", type=Path, metavar="FILE", help="Write nothing; exit 1 if FILE is not what would be written."
        )

    def handle(
        self,
        *_: Any,
        model: str,
        field: str,
        format: Format | None,  # noqa: A002 - the option's name
        counts: bool,
        database: str,
        check: Path | None,
        **__: Any,
    ) -> None:
        """Write the diagram, or compare it.

        Raises:
            CommandError: There is no such model, it has no such state field, or the file is not the diagram.
        """
        state_field = find_state_field(model, field)
        if check is not None:
            if counts:
                raise CommandError("--check compares with a diagram without counts, for those change; leave one out.")
            self._check(state_field, check, format or _format_of(check))
            return
        numbers = count_states(state_field, database) if counts else None
        self.stdout.write(
            diagram(state_field.workflow, format=format or "svg", counts=numbers, title=_title(state_field))
        )

    def _check(self, field: StateField, file: Path, format: Format) -> None:  # noqa: A002 - the option's name
        chosen = f" --field {field.name}" if _is_one_of_several(field) else ""
        remedy = f"manage.py detent diagram {field.model._meta.label}{chosen} --format {format} > {quote(str(file))}"
        try:
            kept = file.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
            raise CommandError(f"{file} cannot be read ({reason}); make it by: {remedy}") from error
        lines = difference(kept, diagram(field.workflow, format=format, title=_title(field)))
        if lines:
            for line in lines[:_MOST_LINES]:
                self.stdout.write(line)
            if len(lines) > _MOST_LINES:
                self.stdout.write(f"... and {len(lines) - _MOST_LINES} lines more")
            raise CommandError(f"{file} is not the diagram of {_title(field)} as it is now; make it anew by: {remedy}")
        self.stdout.write(f"{file} is the diagram of {_title(field)} as it is now.")


def _format_of(file: Path) -> Format:
    try:
        return _FORMATS[file.suffix.lower()]
    except KeyError:
        endings = ", ".join(_FORMATS)
        raise CommandError(f"The name of {file} does not say its format (by {endings}); say it by --format.") from None


def _title(field: StateField) -> str:
    label = field.model._meta.label
    return f"{label}.{field.name}" if _is_one_of_several(field) else label


def _is_one_of_several(field: StateField) -> bool:
    return len(state_fields(field.model)) > 1
