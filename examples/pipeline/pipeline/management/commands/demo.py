"""The main job: `manage.py demo FOLDER`."""

import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from detent.errors import DetentError
from detent.workflow import ConcurrentTransition
from pipeline import catalogue
from pipeline.ingest import Intake
from pipeline.models import Batch, Run
from pipeline.progress import Progress
from pipeline.report import report, write_diagram
from pipeline.run import audit_tables, carry_out, run_of


class Command(BaseCommand):
    """Files in, jobs and recipes out."""

    help = "Take in the files below FOLDER, do what the rules ask for, and report. Exit 1: some input was not taken in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the folder and the catalogue."""
        parser.add_argument("folder", nargs="?", type=Path, default=settings.PROJECT.parent.parent)
        parser.add_argument("--rules", type=Path, default=catalogue.SHIPPED, help="a catalogue of job types and rules")

    def handle(self, *args: Any, folder: Path, rules: Path, **options: Any) -> None:
        """Run, report, and say what was not taken in."""
        started = time.monotonic()
        try:
            call_command("migrate", verbosity=0, interactive=False)
            installed = catalogue.install(rules)
            user, _ = User.objects.get_or_create(username="pipeline")
            run = run_of(folder.resolve())
            intake = carry_out(run, settings.STATE, user, Progress(sys.stderr))
            batch = audit_tables(user, Progress(sys.stderr))
        except ConcurrentTransition as error:
            message = f"Another run over {folder} is going on; let it end, or stop it and run again."
            raise CommandError(message) from error
        except DetentError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            raise CommandError("Stopped; run it again to go on.", returncode=130) from None
        if intake.files:
            self.show(run, intake, batch, time.monotonic() - started)
        for warning in installed.warnings:
            self.stderr.write(f"Warning: {warning}")
        self.complain([*installed.complaints, *map(str, intake.problems)])

    def show(self, run: Run, intake: Intake, batch: Batch | None, seconds: float) -> None:
        """Print the report and draw the diagram."""
        for line in report(run, intake, batch, seconds):
            self.stdout.write(line)
        drawing = settings.STATE / "jobs.svg"
        write_diagram(run, drawing)
        self.stdout.write(f"Diagram: {drawing}")

    def complain(self, lines: list[str]) -> None:
        """Say what was not taken in, a line each.

        Raises:
            SystemExit: With status 1, if there was anything.
        """
        for line in lines:
            self.stderr.write(f"Not taken in: {line}")
        if lines:
            raise SystemExit(1)
