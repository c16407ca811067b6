"""The types and their rules as a file: `manage.py catalogue export|import`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from detent.errors import DetentError
from pipeline.catalogue import exported, install


class Command(BaseCommand):
    """Writes the job types and recipe types with their rules, or takes them in."""

    help = "Print the job types and recipe types with their rules as a catalogue, or put one into force."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare what to do."""
        does = parser.add_subparsers(dest="does", required=True, metavar="export|import")
        does.add_parser("export", help="Print them as JSON.")
        take_in = does.add_parser("import", help="Put a catalogue into force.")
        take_in.add_argument("path", type=Path, help="The file, JSON.")
        take_in.add_argument("--dry-run", action="store_true", help="Only say what is wrong with it.")

    def handle(self, *args: Any, does: str, **options: Any) -> None:
        """Do it."""
        if does == "export":
            self.stdout.write(json.dumps(exported(), indent=2, ensure_ascii=False))
        else:
            self.take_in(**options)

    def take_in(self, *, path: Path, dry_run: bool, **_: Any) -> None:
        """Put a catalogue into force, entry by entry.

        Raises:
            CommandError: It cannot be read, or some entries are not valid.
        """
        try:
            with transaction.atomic():
                installed = install(path)
                transaction.set_rollback(dry_run)
        except DetentError as error:
            raise CommandError(str(error)) from error
        for warning in installed.warnings:
            self.stdout.write(f"Warning: {warning}")
        if installed.complaints:
            raise CommandError("\n".join(installed.complaints))
