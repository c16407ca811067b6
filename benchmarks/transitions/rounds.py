"""Taking turns: every contestant measures once in each round."""

import random
import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.transitions.child import CannotTakePart, Child
from benchmarks.transitions.roster import Contestant

RUN_NANOSECONDS = 20_000_000
# The orders' cycle has three moves.
STEP = 3
# Who has spent so much takes part no longer.
ALL_NANOSECONDS = 10_000_000_000


@dataclass(frozen=True)
class Standings:
    """What was measured.

    Attributes:
        rounds: For each round, what an operation came to, in nanoseconds or bytes, for each that took part.
        failed: Why the others did not.
        versions: The versions of each one's packages.
    """

    rounds: list[dict[Contestant, float]]
    failed: dict[Contestant, str]
    versions: dict[Contestant, dict[str, str]]

    def median(self, contestant: Contestant) -> float:
        """Return the median of what an operation came to."""
        return statistics.median(figures[contestant] for figures in self.rounds if contestant in figures)

    def ratio(self, contestant: Contestant, other: Contestant) -> float:
        """Return how many times the other's figure a contestant's is, as the median over the rounds that both have."""
        return statistics.median(self._ratios(contestant, other))

    def spread(self, contestant: Contestant, other: Contestant) -> float:
        """Return half of what the middle half of those ratios spans; 0 for a single one."""
        ratios = self._ratios(contestant, other)
        if len(ratios) == 1:
            return 0
        lower, _, upper = statistics.quantiles(ratios, n=4, method="inclusive")
        return (upper - lower) / 2

    def _ratios(self, contestant: Contestant, other: Contestant) -> list[float]:
        both = (figures for figures in self.rounds if contestant in figures and other in figures)
        return [figures[contestant] / figures[other] for figures in both]

    @contextmanager
    def noting_failure(self, child: Child) -> Iterator[None]:
        """Note why a contestant drops out, if it does so in the block."""
        try:
            yield
        except CannotTakePart as reason:
            self.failed[child.contestant] = str(reason)

    def measured(self, contestant: Contestant) -> int:
        """Return in how many rounds a contestant took part."""
        return sum(contestant in figures for figures in self.rounds)


def number_for(child: Child) -> int:
    """Return how many operations a short run has: found by trying, which also warms the contestant up.

    Raises:
        CannotTakePart: It ended.
    """
    number = STEP
    while (nanoseconds := child.measure(number)) < RUN_NANOSECONDS:
        number *= 2
    return max(STEP, int(number * RUN_NANOSECONDS / nanoseconds) // STEP * STEP)


def compete(children: Sequence[Child], rounds: int, fixed_number: int | None) -> Standings:
    """Have all measure in turns.

    Args:
        children: Who takes part; each round has them in another order.
        rounds: How often; less often for who needs seconds for a run.
        fixed_number: How many operations a run has; None: as many as take a few milliseconds.
    """
    standings = Standings([], {}, {child.contestant: child.versions for child in children})
    numbers: dict[Child, int] = {}
    for child in children:
        with standings.noting_failure(child):
            numbers[child] = fixed_number or number_for(child)
    spent = dict.fromkeys(numbers, 0)
    # The same order in each run of the benchmark, another one in each round.
    chance = random.Random(0)
    for _ in range(rounds):
        standings.rounds.append({})
        for child in chance.sample(children, len(children)):
            if child.contestant not in standings.failed and spent[child] < ALL_NANOSECONDS:
                with standings.noting_failure(child):
                    spent[child] += _take_turn(child, numbers[child], standings)
    return standings


def _take_turn(child: Child, number: int, standings: Standings) -> int:
    measured = child.measure(number)
    standings.rounds[-1][child.contestant] = measured / number
    return measured
