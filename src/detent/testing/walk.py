"""Taking objects along all ways through their workflow."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from detent.errors import DetentError
from detent.machine.analysis import Edge, edges
from detent.testing.moving import Arguments, Failure, Walker
from detent.testing.paths import Cover, Path, every_path


@dataclass(slots=True)
class Walk:
    """How far objects came.

    Attributes:
        workflow: The name of the workflow's class.
        taken: The edges that an object took, in the order in which each was taken first.
        failures: The edges that an object could not take.
        missed: The edges to which no object came, for they lie behind those that failed.
        objects: How many objects were made.
    """

    workflow: str
    taken: list[Edge] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    missed: list[Edge] = field(default_factory=list)
    objects: int = 0


class WalkFailed(DetentError, AssertionError):
    """Objects could not go all ways through their workflow.

    Attributes:
        walk: How far they came, and which edges failed why.
    """

    def __init__(self, walk: Walk) -> None:
        total = len(walk.taken) + len(walk.failures) + len(walk.missed)
        lines = [f"{len(walk.failures)} of {total} edges of {walk.workflow} could not be taken:"]
        lines += [f"  {failure}" for failure in walk.failures]
        if walk.missed:
            lines += ["Not reached because of that:", *(f"  {edge}" for edge in walk.missed)]
        super().__init__("\n".join(lines))
        self.walk = walk


def walk(
    make: Callable[[], Any],
    *,
    arguments: Arguments | None = None,
    without: Collection[str] = (),
    depth: int | None = None,
    field: str = "",
) -> Walk:
    """Take fresh objects along every edge of their workflow that is within reach, and report all that fail.

    Where hooks move an object on, the walk goes on from the state in which the object then is.

    Args:
        make: Returns a fresh object, each time in the same state; one of a model is saved.
        arguments: The arguments of transitions, by the name of the transition: a dict, or a function that gets the
            object, may prepare it, and returns one.
        without: The names of transitions that are left out.
        depth: None for few paths that together take each edge; else every path of up to so many edges, none of them
            twice in one path.
        field: The name of the state field; "" where the object has only one.

    Returns:
        How far the objects came.

    Raises:
        WalkFailed: An edge could not be taken; the error lists each with its verdict or exception.
        UnknownTransition: `arguments` or `without` name a transition that the workflow does not have.
        NotEnabled: The object has no such state field, or several and none was named.
    """
    fresh = _FreshObjects(lambda: Walker(make(), arguments or {}, field))
    workflow = fresh.first.workflow
    left_out = {workflow.transitions[name].name for name in without}
    declared = [edge for edge in edges(workflow) if edge.transition not in left_out]
    done = Walk(type(workflow).__name__)
    if depth is None:
        _cover(declared, fresh, done)
    else:
        _take_every_path(declared, depth, fresh, done)
    done.objects = fresh.made
    if done.failures:
        raise WalkFailed(done) from done.failures[0].error
    return done


def follow(path: Path, instance: Any, *, arguments: Arguments | None = None, field: str = "") -> None:
    """Take one object along a path, as one that `paths` gave.

    Args:
        path: The path.
        instance: The object, in the state where the path starts.
        arguments: As for `walk`.
        field: The name of the state field; "" where the object has only one.

    Raises:
        WalkFailed: An edge could not be taken, or led to another state.
        UnknownTransition: `arguments` name a transition that the workflow does not have.
        NotEnabled: The object has no such state field, or several and none was named.
    """
    walker = Walker(instance, arguments or {}, field)
    done = Walk(type(walker.workflow).__name__, objects=1)
    stopped = _lead(walker, path, done)
    if stopped is None:
        return
    number = path.edges.index(stopped)
    if not done.failures:
        done.taken.remove(stopped)
        elsewhere = f"led to {walker.state}, not to {stopped.target}"
        done.failures.append(Failure(stopped, path.edges[:number], elsewhere))
    done.missed = list(path.edges[number + 1 :])
    raise WalkFailed(done) from done.failures[0].error


class _FreshObjects:
    """Objects, each for one path; the first is made at once, for it tells the workflow and where paths start."""

    def __init__(self, make: Callable[[], Walker]) -> None:
        self.make = make
        self.first = make()
        self.start = self.first.state
        self.made = 1

    def __iter__(self) -> Iterator[Walker]:
        yield self.first
        while True:
            self.made += 1
            yield self.make()


def _cover(declared: Sequence[Edge], fresh: _FreshObjects, done: Walk) -> None:
    cover = Cover(declared, fresh.start)
    objects = iter(fresh)
    while path := cover.next_path(fresh.start):
        failed, walker = len(done.failures), next(objects)
        stopped = _lead(walker, path, done)
        for edge in done.taken:
            cover.take(edge)
        if len(done.failures) > failed:
            cover.block(done.failures[-1].edge)
        elif stopped is not None:
            cover.lead(stopped, walker.state)
    done.missed = cover.remaining


def _take_every_path(declared: Sequence[Edge], depth: int, fresh: _FreshObjects, done: Walk) -> None:
    objects = iter(fresh)
    met: dict[Edge, None] = {}
    for path in every_path(declared, fresh.start, depth):
        met |= dict.fromkeys(path.edges)
        failed = {failure.edge for failure in done.failures}
        if failed.isdisjoint(path.edges):
            _lead(next(objects), path, done)
    failed = {failure.edge for failure in done.failures}
    done.missed = [edge for edge in met if edge not in failed and edge not in done.taken]


def _lead(walker: Walker, path: Path, done: Walk) -> Edge | None:
    """Take an object along a path; return the edge that it could not take, or that led it elsewhere."""
    for number, edge in enumerate(path.edges):
        failure = walker.take(edge, path.edges[:number])
        if failure is not None:
            done.failures.append(failure)
            return edge
        if edge not in done.taken:
            done.taken.append(edge)
        following = path.edges[number + 1 :]
        if walker.state != (following[0].source if following else edge.target):
            return edge
    return None
