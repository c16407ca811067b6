"""Making up for old files: `manage.py batch RECIPE_TYPE`."""

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from detent.errors import DetentError
from detent.workflow import ConcurrentTransition, acting
from pipeline.batches import backfill, request_batch
from pipeline.models import RecipeType
from pipeline.progress import Progress
from pipeline.report import told
from pipeline.run import work_off


class Command(BaseCommand):
    """Have a recipe type process the old files that it never did."""

    help = (
        "Take files that RECIPE_TYPE never processed through its rule, or through the given condition, and work off "
        "what that asks for. Run again, it asks for nothing twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the recipe type, the condition and the date range."""
        parser.add_argument("recipe_type")
        parser.add_argument("--media-type", help="instead of the recipe type's rule: files of this media type")
        parser.add_argument("--data-type", action="append", help="instead of the rule: files with this tag, and all")
        parser.add_argument("--date", choices=["created", "data"], default="created", help="came in, or was written")
        parser.add_argument("--started", help="only files from this ISO 8601 date and time on")
        parser.add_argument("--ended", help="only files up to this date and time")

    def handle(self, *args: Any, recipe_type: str, **options: Any) -> None:
        """Carry the batch out and say what came of it."""
        the_type = RecipeType.objects.filter(name=recipe_type).first()
        if the_type is None:
            names = ", ".join(RecipeType.objects.order_by("name").values_list("name", flat=True)) or "none"
            raise CommandError(f"There is no recipe type {recipe_type!r}; there are: {names}.")
        try:
            batch, warnings = request_batch(the_type, definition(**options), getpass.getuser())
            with acting(user=User.objects.get_or_create(username=getpass.getuser())[0]):
                backfill(batch)
                work_off(Progress(sys.stderr))
        except ConcurrentTransition as error:
            raise CommandError(f"Somebody else carries {batch} out; let it end.") from error
        except DetentError as error:
            raise CommandError(str(error)) from error
        for warning in warnings:
            self.stderr.write(f"Warning: {warning.details}")
        self.stdout.write(told(batch))


def definition(
    media_type: str | None, data_type: list[str] | None, date: str, started: str | None, ended: str | None, **_: Any
) -> dict[str, Any]:
    """Return what a batch is to say."""
    condition = {"media_type": media_type, "data_types": data_type}
    ends = {"started": started, "ended": ended}
    return {
        "trigger_rule": {name: value for name, value in condition.items() if value} or True,
        "date_range": {"type": date, **{name: value for name, value in ends.items() if value}},
    }
