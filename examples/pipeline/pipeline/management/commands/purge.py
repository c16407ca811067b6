"""Removing what was made of files: `manage.py purge PATH`."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from pipeline.models import PurgeResults, SourceFile
from pipeline.purge import purge, stop


class Command(BaseCommand):
    """Remove the jobs and recipes of a file, all of its contents."""

    help = "Remove the jobs, results and recipes of the file at PATH (as the demo names it) and print how many."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the path."""
        parser.add_argument("path")
        parser.add_argument("--stop", action="store_true", help="have a purge of it that goes on end early instead")

    def handle(self, *args: Any, path: str, **options: Any) -> None:
        """Purge each content that was taken in under the path."""
        files = SourceFile.objects.filter(path=path)
        if not files:
            raise CommandError(f"No file was taken in as {path!r}; the admin lists those that were.")
        if options["stop"]:
            self.stdout.write(f"{path}: {sum(map(stop, files))} purges stopped")
            return
        user, _ = User.objects.get_or_create(username=getpass.getuser())
        for results in [purge(file, user) for file in files]:
            self.stdout.write(f"{path}: {told(results)}")


def told(results: PurgeResults) -> str:
    """Say in a line what a purge came to."""
    counts = (
        f"{results.num_jobs_deleted} jobs, {results.num_products_deleted} results, "
        f"{results.num_recipes_deleted} recipes removed"
    )
    if results.purge_completed:
        return counts
    return f"{counts}; stopped" if results.force_stop_purge else f"{counts}; a worker is at the rest: run it again"
