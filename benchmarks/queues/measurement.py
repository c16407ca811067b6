"""Measuring: in each round every contestant takes each turn once, while the workers of the others are stopped."""

import random
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from benchmarks.queues.child import Child
from benchmarks.queues.roster import Contestant
from benchmarks.transitions.child import CannotTakePart

NOTHING = "nothing"
INSERT = "insert"
KINDS = (NOTHING, INSERT)


class Figures(NamedTuple):
    """What a task took in one round, in seconds.

    Attributes:
        enqueue: To enqueue it with its business row, while no worker was at work.
        run: To run it and record its result, while nothing was enqueued.
        through: Both at once, from the first that was enqueued until the last was recorded.
    """

    enqueue: float
    run: float
    through: float


@dataclass
class Standings:
    """What was measured.

    Attributes:
        rounds: For each kind of task and each round, the figures of who took part.
        latencies: How long after COMMIT was sent a task began, for each contestant.
        failed: Why others have no figures.
        versions: The versions of each one's packages.
    """

    rounds: dict[str, list[dict[Contestant, Figures]]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    latencies: dict[Contestant, list[float]] = field(default_factory=dict)
    failed: dict[Contestant, str] = field(default_factory=dict)
    versions: dict[Contestant, dict[str, str]] = field(default_factory=dict)

    def median(self, kind: str, contestant: Contestant) -> Figures:
        """Return the medians of a contestant's figures."""
        figures = [each[contestant] for each in self.rounds[kind] if contestant in each]
        return Figures(*(statistics.median(column) for column in zip(*figures, strict=True)))

    def ratios(self, kind: str, contestant: Contestant, other: Contestant) -> Figures:
        """Return how many times the other's time a contestant's tasks took: the medians of the rounds' ratios."""
        both = [each for each in self.rounds[kind] if contestant in each and other in each]
        ratios = ((mine / theirs for mine, theirs in zip(each[contestant], each[other], strict=True)) for each in both)
        return Figures(*(statistics.median(column) for column in zip(*ratios, strict=True)))

    @contextmanager
    def noting_failure(self, contestant: Contestant) -> Iterator[None]:
        """Note why a contestant has no figures, if it drops out in the block."""
        try:
            yield
        except CannotTakePart as reason:
            self.failed[contestant] = str(reason)


@dataclass(frozen=True)
class Extent:
    """How much is measured.

    Attributes:
        rounds: How often all take turns.
        tasks: How many tasks a turn has.
        latencies: How many tasks a round has whose latency is measured.
    """

    rounds: int
    tasks: int
    latencies: int


def measure(
    contestants: Sequence[Contestant], place: Callable[[], dict[str, Any]], broker: str, extent: Extent
) -> Standings:
    """Return what the contestants came to.

    Args:
        contestants: Who takes part.
        place: Gives each contestant's Django its database.
        broker: The address of the message broker.
        extent: How much is measured.
    """
    standings = Standings()
    with ExitStack() as ending:
        children = list(_ready(contestants, place, broker, standings, ending))
        # The same order in each run of the benchmark, another one in each round.
        chance = random.Random(0)
        for _ in range(extent.rounds):
            for kind in KINDS:
                standings.rounds[kind].append({})
            for child in chance.sample(children, len(children)):
                if child.contestant not in standings.failed:
                    with standings.noting_failure(child.contestant):
                        _take_turns(child, extent, standings)
    return standings


def _ready(
    contestants: Sequence[Contestant],
    place: Callable[[], dict[str, Any]],
    broker: str,
    standings: Standings,
    ending: ExitStack,
) -> Iterator[Child]:
    for contestant in contestants:
        with standings.noting_failure(contestant):
            child = Child(contestant, place(), broker)
            ending.callback(child.end)
            child.wait_until_ready()
            standings.versions[contestant] = child.versions
            yield child


def _take_turns(child: Child, extent: Extent, standings: Standings) -> None:
    for kind in KINDS:
        seconds = child.seconds("apart", kind, extent.tasks) + child.seconds("at_once", kind, extent.tasks)
        standings.rounds[kind][-1][child.contestant] = Figures(*(each / extent.tasks for each in seconds))
    latencies = child.seconds("latency", INSERT, extent.latencies)
    standings.latencies.setdefault(child.contestant, []).extend(latencies)
