"""Run the pipeline's commands: `demo`, `serve`, `purge`, and all of Django's and Detent's."""

import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line


def make_state_folder() -> None:
    """Make the folder of the database, which Django opens before a command can do anything about it."""
    try:
        settings.STATE.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        sys.exit(f"{settings.STATE} cannot be made: {error.strerror}. Name another folder in PIPELINE_STATE.")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pipeline.settings")
    make_state_folder()
    execute_from_command_line(sys.argv)
