"""The benchmark of tasks, which measures Detent's worker and those of others in turns."""

from benchmarks.queues.measurement import INSERT, KINDS, Extent, Figures, Standings, measure
from benchmarks.queues.roster import OURS, PEERS, Contestant
from benchmarks.queues.table import latency_lines, lines

PEER, *ABSENT = PEERS


def standings(*rounds: tuple[float, float]) -> Standings:
    """Make the outcome of a few rounds, in which ours and a peer took so many seconds a task."""
    of_each = [{OURS: Figures(ours, ours, ours), PEER: Figures(peer, peer, peer)} for ours, peer in rounds]
    versions: dict[Contestant, dict[str, str]] = {OURS: {}, PEER: {}}
    latencies = {OURS: [0.004, 0.005, 0.006], PEER: [0.5]}
    failed = dict.fromkeys(ABSENT, "not installed")
    return Standings(dict.fromkeys(KINDS, of_each), latencies, failed, versions)


def test_a_ratio_is_made_within_each_round() -> None:
    """A round in which the machine was slow counts for no more than another."""
    assert standings((1, 3), (100, 300), (2, 6)).ratios(INSERT, PEER, OURS).through == 3


def test_the_targets_stand_below_the_tables() -> None:
    """Whether they are met or not; who could not take part has a line with the reason."""
    measured = standings((0.001, 0.0015))
    printed = [*lines(INSERT, measured), *latency_lines(measured)]
    assert f"  {PEER.name}, the fastest peer: 1.50 × detent; the target is at least 2" in printed
    assert "  detent: 5.0 ms; the target is less than 20" in printed
    assert any(ABSENT[0].name in line and "not installed" in line for line in printed)


def test_who_cannot_take_part_says_why() -> None:
    """It is not left out in silence."""
    absent = Contestant("an absent peer", "by_nobody", ("by_nobody",))
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
    measured = measure([absent], lambda: dict(database), "", Extent(1, 1, 1))
    assert measured.failed == {absent: "ModuleNotFoundError: No module named 'by_nobody'"}
