"""Time and memory, on a machine that does other things too."""

import gc
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

PASSES = 7
CHUNK = 500

EventT = TypeVar("EventT")


def microseconds(call: Callable[[EventT], object], events: Sequence[EventT], passes: int = PASSES) -> float:
    """Return the processor time of a call, in microseconds an event.

    The events are taken in chunks, each several times, and the best of each counts: the machine's other work only ever
    adds. Between two turns of a chunk all other events are taken, so that none is still in the processor's cache.
    """
    chunks = [events[at : at + CHUNK] for at in range(0, len(events), CHUNK)]
    best = [float("inf")] * len(chunks)
    for _ in range(passes):
        for number, chunk in enumerate(chunks):
            began = time.process_time()
            for event in chunk:
                call(event)
            best[number] = min(best[number], time.process_time() - began)
    return 1e6 * sum(best) / len(events)


def seconds(call: Callable[[], object]) -> float:
    """Return the processor time of one call."""
    began = time.process_time()
    call()
    return time.process_time() - began


def resident_megabytes() -> float:
    """Return how much memory the process has (Linux)."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096 / 1e6
