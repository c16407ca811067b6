"""Printing what was measured: a line for each case, with its target."""

import statistics

from benchmarks.occurrences.cases import Case, Target
from benchmarks.occurrences.measurement import Figures, spread

HEADER = f"{'database':<10} {'case':<36} {'µs each':>8} {'per s':>8} {'× hand':>7} {'±':>5} {'statements':>10}  target"


def line(case: Case, figures: Figures, vendor: str) -> str:
    """Return the line of a case."""
    seconds = statistics.median(figures.seconds)
    each, rate = f"{1e6 * seconds / case.number:>8,.1f}", f"{case.number / seconds:>8,.0f}"
    hand, swing = f"{'-':>7}", f"{'-':>5}"
    if figures.ratios:
        hand, swing = f"{statistics.median(figures.ratios):>7.2f}", f"{spread(figures.ratios):>5.2f}"
    target = _told(case.target) if vendor == "postgresql" else ""
    return f"{vendor:<10} {case.title:<36} {each} {rate} {hand} {swing} {figures.statements:>10.2f}  {target}".rstrip()


def _told(target: Target) -> str:
    parts = [
        f"at most {target.ratio:g} × by hand" if target.ratio else "",
        f"at least {target.rate:,} a second" if target.rate else "",
        f"at most {target.statements} statements" if target.statements else "",
    ]
    return ", ".join(filter(None, parts))
