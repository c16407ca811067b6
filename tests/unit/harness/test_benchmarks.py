"""The benchmark of transitions, which measures contestants in turns."""

import subprocess
import sys

from benchmarks.transitions.cases import Case, Target
from benchmarks.transitions.measurement import measure
from benchmarks.transitions.roster import DICT_TABLE, Contestant, Kind
from benchmarks.transitions.rounds import Standings
from benchmarks.transitions.table import lines
from tests.databases import sqlite

SLOW = Contestant("a slow peer", "by_hand", Kind.PEER)
OURS = Contestant("ours", "by_hand", Kind.OURS)


def case(*contestants: Contestant) -> Case:
    """Make a case of the cheapest kind."""
    targets = (Target(OURS, 3, DICT_TABLE), Target(OURS, at_least=2.5))
    return Case("Bytes", "bytes", "memory", contestants, DICT_TABLE, targets, scale=1, rounds=1, number=3)


def standings(*rounds: dict[Contestant, float]) -> Standings:
    """Make the outcome of a few rounds."""
    return Standings(list(rounds), {}, {contestant: {} for contestant in (DICT_TABLE, OURS, SLOW)})


def test_a_ratio_is_made_within_each_round() -> None:
    """A round in which the machine was slow counts for no more than another."""
    measured = standings({DICT_TABLE: 1, OURS: 2}, {DICT_TABLE: 100, OURS: 200}, {DICT_TABLE: 3, OURS: 6})
    assert measured.ratio(OURS, DICT_TABLE) == 2


def test_a_ratio_leaves_out_rounds_that_only_one_has() -> None:
    """Who needs long takes part less often."""
    assert standings({DICT_TABLE: 1, SLOW: 50}, {DICT_TABLE: 7}).ratio(SLOW, DICT_TABLE) == 50


def test_the_spread_tells_how_unsteady_the_machine_was() -> None:
    """Half of what the middle half of the ratios spans."""
    measured = standings(*({DICT_TABLE: 1, OURS: ratio} for ratio in (1, 2, 3, 4, 100)))
    assert measured.spread(OURS, DICT_TABLE) == 1


def test_the_targets_stand_below_the_table() -> None:
    """Whether they are met or not."""
    printed = list(lines(case(DICT_TABLE, OURS, SLOW), standings({DICT_TABLE: 1, OURS: 4, SLOW: 8})))
    assert "  ours: 4.00 × dict table; the target is at most 3" in printed
    assert "  a slow peer, the fastest peer: 2.00 × ours; the target is at least 2.5" in printed


def test_a_contestant_that_cannot_take_part_has_a_line_with_the_reason() -> None:
    """It is not left out in silence."""
    absent = Contestant("an absent peer", "by_nobody", Kind.PEER)
    measured = measure(case(DICT_TABLE, absent), lambda name: sqlite(":memory:"), rounds=None)
    assert measured.median(DICT_TABLE) > 0
    assert measured.failed == {absent: "ModuleNotFoundError: No module named 'by_nobody'"}


def test_options_without_a_benchmark_are_refused() -> None:
    """They would go to benchmarks that do not know them."""
    command = [sys.executable, "-m", "benchmarks", "--case", "memory"]
    refused = subprocess.run(command, check=False, capture_output=True, text=True)
    assert refused.returncode == 2
    assert "name it before them" in refused.stderr
