"""`manage.py` by a clock that is some seconds off: `python -m tests.chaos.other_clock SECONDS detent worker`."""

import sys
from datetime import UTC, datetime, timedelta

import time_machine
from django.core.management import execute_from_command_line


def main() -> None:
    """Run the command under the wrong clock, which goes on."""
    off = timedelta(seconds=float(sys.argv[1]))
    with time_machine.travel(datetime.now(UTC) + off, tick=True):
        execute_from_command_line(["manage.py", *sys.argv[2:]])


if __name__ == "__main__":
    main()
