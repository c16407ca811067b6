"""Printing what was measured: a line each, and the targets below."""

import platform
from collections.abc import Iterator

import django

from benchmarks.transitions.cases import Case, Target
from benchmarks.transitions.roster import Contestant, Kind
from benchmarks.transitions.rounds import Standings

WIDTH = 30
NO_RATIO = f"{'-':>8} {'-':>6}"


def lines(case: Case, standings: Standings) -> Iterator[str]:
    """Yield the lines of a table."""
    yield f"{case.title}: medians, rounds: {len(standings.rounds)}"
    yield f"{'contestant':<{WIDTH}} {case.unit:>10} {'× limit':>8} {'±':>6} {'÷ ours':>8} {'±':>6}  on"
    for contestant in case.contestants:
        if contestant in standings.failed:
            yield f"{contestant.name:<{WIDTH}} {'-':>10} {NO_RATIO} {NO_RATIO}  {standings.failed[contestant]}"
        else:
            yield _row(case, standings, contestant)
    for target in case.targets:
        yield from _held_against(case, standings, target)
    yield ""


def _row(case: Case, standings: Standings, contestant: Contestant) -> str:
    figure = f"{standings.median(contestant) / case.scale:>10,.{_decimals(case)}f}"
    against = " ".join(_ratio(standings, contestant, other) for other in (case.limit, case.ours))
    return f"{contestant.name:<{WIDTH}} {figure} {against}  {_note(standings, contestant)}".rstrip()


def _decimals(case: Case) -> int:
    return 2 if case.unit == "µs" else 0


def _ratio(standings: Standings, contestant: Contestant, other: Contestant) -> str:
    if other in standings.failed:
        return NO_RATIO
    return f"{standings.ratio(contestant, other):>8.2f} {standings.spread(contestant, other):>6.2f}"


def _note(standings: Standings, contestant: Contestant) -> str:
    # What all have in common stands above the tables.
    common = {"Python": platform.python_version(), "django": django.__version__}
    versions = {name: number for name, number in standings.versions[contestant].items() if common.get(name) != number}
    rounds = standings.measured(contestant)
    fewer = [f"rounds: {rounds}"] if rounds < len(standings.rounds) else []
    return ", ".join([*(f"{package} {number}" for package, number in versions.items()), *fewer])


def _held_against(case: Case, standings: Standings, target: Target) -> Iterator[str]:
    peers = [each for each in case.contestants if each.kind is Kind.PEER and each not in standings.failed]
    if target.contestant in standings.failed or target.other in standings.failed:
        yield f"  {target.contestant.name}: nothing to hold against its targets"
    elif target.other:
        ratio = standings.ratio(target.contestant, target.other)
        yield f"  {target.contestant.name}: {ratio:.2f} × {target.other.name}; the target is at most {target.at_most:g}"
    elif peers:
        lead, peer = min((standings.ratio(each, target.contestant), each.name) for each in peers)
        comparison = f"{lead:.2f} × {target.contestant.name}; the target is at least {target.at_least:g}"
        yield f"  {peer}, the fastest peer: {comparison}"
