"""`manage.py` by a clock that is off: `python -m tests.chaos.other_clock SECONDS[,SECONDS] detent worker`."""

import sys
import threading
from datetime import UTC, datetime, timedelta
from itertools import cycle

import time_machine
from django.core.management import execute_from_command_line

JUMP_SECONDS = 0.1


def main() -> None:
    """Run the command under the wrong clock, which goes on; told of several, it jumps from one to the next."""
    offs = [timedelta(seconds=float(each)) for each in sys.argv[1].split(",")]
    with time_machine.travel(datetime.now(UTC) + offs[0], tick=True) as traveller:
        if len(offs) > 1:
            threading.Thread(target=jump, args=[traveller, offs], daemon=True).start()
        execute_from_command_line(["manage.py", *sys.argv[2:]])


def jump(traveller: time_machine.Traveller, offs: list[timedelta]) -> None:
    """Let the clock jump, again and again."""
    pause = threading.Event()
    for off, following in cycle(zip(offs, offs[1:] + offs[:1], strict=True)):
        pause.wait(JUMP_SECONDS)
        traveller.shift(following - off)


if __name__ == "__main__":
    main()
