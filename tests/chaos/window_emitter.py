"""A process that emits occurrences of rules with windows when it is told to go."""

import sys
from datetime import datetime, timedelta

import django

EVENT_TYPE = "chaos.happened"


def main() -> None:
    """Emit `count` occurrences for each of `keys`, a millisecond apart and over a start, each in a transaction."""
    django.setup()
    from detent.trigger import emit

    number, count, keys, start = (
        int(sys.argv[1]),
        int(sys.argv[2]),
        int(sys.argv[3]),
        datetime.fromisoformat(sys.argv[4]),
    )
    print("ready")
    sys.stdin.readline()
    for step in range(count):
        for key in range(keys):
            moment = start + timedelta(milliseconds=step)
            data = {"number": number * count * keys + step * keys + key}
            emit(EVENT_TYPE, data, source=f"emitter {number}", subject=str(key), occurred=moment)
    print("emitted")


if __name__ == "__main__":
    main()
