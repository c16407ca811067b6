"""Printing what was measured: a table for each kind of task, and the targets below."""

import statistics
from collections.abc import Iterator

from benchmarks.queues.measurement import INSERT, NOTHING, Figures, Standings
from benchmarks.queues.roster import OURS, PEERS, Contestant

TITLES = {
    NOTHING: "Tasks that do nothing: ms a task, medians",
    INSERT: "Tasks that insert one row: ms a task, medians",
}
WIDTH = 28
HEADER = " ".join(f"{name:>8} {'÷ ours':>7}" for name in Figures._fields)
LEAD = 2.0
LATENCY_MS = 20


def lines(kind: str, standings: Standings) -> Iterator[str]:
    """Yield the lines of the table of one kind of task."""
    yield f"{TITLES[kind]}, rounds: {len(standings.rounds[kind])}"
    yield f"{'contestant':<{WIDTH}} {HEADER}  on"
    for contestant in (OURS, *PEERS):
        if contestant in standings.failed:
            yield f"{contestant.name:<{WIDTH}} {standings.failed[contestant]}"
        else:
            yield _row(kind, standings, contestant)
    yield from _lead(kind, standings)
    yield ""


def latency_lines(standings: Standings) -> Iterator[str]:
    """Yield the lines of the table of latencies."""
    yield "From COMMIT to the task's begin, with a worker that waits: ms"
    yield f"{'contestant':<{WIDTH}} {'median':>8} {'most':>8} {'tasks':>8}"
    for contestant, seconds in sorted(standings.latencies.items(), key=lambda each: statistics.median(each[1])):
        median, most = 1000 * statistics.median(seconds), 1000 * max(seconds)
        yield f"{contestant.name:<{WIDTH}} {median:>8.1f} {most:>8.1f} {len(seconds):>8}"
    if OURS not in standings.failed:
        ours = 1000 * statistics.median(standings.latencies[OURS])
        yield f"  {OURS.name}: {ours:.1f} ms; the target is less than {LATENCY_MS}"


def _row(kind: str, standings: Standings, contestant: Contestant) -> str:
    figures = standings.median(kind, contestant)
    if OURS in standings.failed:
        pairs = [f"{1000 * each:>8.2f} {'-':>7}" for each in figures]
    else:
        ratios = standings.ratios(kind, contestant, OURS)
        pairs = [f"{1000 * each:>8.2f} {ratio:>7.2f}" for each, ratio in zip(figures, ratios, strict=True)]
    versions = (f"{name} {number}" for name, number in standings.versions[contestant].items() if name != "Python")
    return f"{contestant.name:<{WIDTH}} {' '.join(pairs)}  {', '.join(versions)}".rstrip()


def _lead(kind: str, standings: Standings) -> Iterator[str]:
    peers = [each for each in PEERS if each not in standings.failed]
    if peers and OURS not in standings.failed:
        lead, name = min((standings.ratios(kind, each, OURS).through, each.name) for each in peers)
        yield f"  {name}, the fastest peer: {lead:.2f} × {OURS.name}; the target is at least {LEAD:g}"
