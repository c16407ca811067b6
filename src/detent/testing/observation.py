"""Noticing which edges of which workflows objects take, and which checks refuse."""

from collections import Counter
from collections.abc import Callable
from functools import update_wrapper
from types import TracebackType
from typing import Any, Self

from detent.machine import ImplementationWrapper, StateWrapper, Transition, Verdict, Workflow
from detent.machine.analysis import Edge
from detent.machine.hooks import Hook
from detent.workflow import Workflow as ModelWorkflow
from detent.workflow.signals import transitioned

_ABSENT = object()
_STEP = "log_transition"


class Observation:
    """Inside `with`, each transition of plain objects and of models is noticed; outside, nothing is any slower.

    What moves models is heard by the signal `transitioned`, so that they take the ways that they take unobserved. Every
    other workflow class gets a `log_transition` of its own, which calls the one that it had: each transition runs that
    step once it is done. Enter it before objects move: how a transition runs may be settled at its first call.

    Attributes:
        taken: The edges that were taken, by workflow class.
        refused: How often a check refused, by workflow class, transition and check.
    """

    def __init__(self) -> None:
        self.taken: dict[type[Workflow], set[Edge]] = {}
        self.refused: Counter[tuple[type[Workflow], str, str]] = Counter()
        self._replaced: list[tuple[type, str, object]] = []

    def __enter__(self) -> Self:
        """Begin to notice."""
        for cls in all_workflows():
            self._watch_plain(cls)
        self._watch_new_classes()
        self._watch_checks()
        transitioned.connect(self._announced, dispatch_uid=id(self))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Put everything back as it was."""
        transitioned.disconnect(dispatch_uid=id(self))
        for cls, name, before in reversed(self._replaced):
            if before is _ABSENT:
                delattr(cls, name)
            else:
                setattr(cls, name, before)
        self._replaced.clear()

    def _replace(self, cls: type, name: str, new: object) -> None:
        self._replaced.append((cls, name, vars(cls).get(name, _ABSENT)))
        setattr(cls, name, new)

    def _watch_plain(self, cls: type[Workflow]) -> None:
        if issubclass(cls, ModelWorkflow):
            return
        own = vars(cls).get(_STEP)

        def log_transition(
            workflow: Workflow, transition: Transition, from_state: StateWrapper, *args: Any, **kwargs: Any
        ) -> None:
            step: Callable[..., None] = own.__get__(workflow) if own else getattr(super(cls, workflow), _STEP)
            step(transition, from_state, *args, **kwargs)
            # A class's own may call its base's, which is watched too.
            if type(workflow) is cls:
                self._note(workflow, transition, from_state.name)

        self._replace(cls, _STEP, update_wrapper(log_transition, cls.log_transition))

    def _watch_new_classes(self) -> None:
        prepare = vars(Workflow)["__init_subclass__"].__func__

        def __init_subclass__(cls: type[Workflow], /, **kwargs: Any) -> None:  # noqa: N807 - it takes that one's place
            prepare(cls, **kwargs)
            self._watch_plain(cls)

        self._replace(Workflow, "__init_subclass__", classmethod(__init_subclass__))

    def _watch_checks(self) -> None:
        refuse = ImplementationWrapper._refused_by_check

        def _refused_by_check(bound: ImplementationWrapper[..., Any], state: StateWrapper, check: Hook) -> Verdict:
            self.refused[type(bound.workflow), bound.transition.name, check.name] += 1
            return refuse(bound, state, check)

        self._replace(ImplementationWrapper, "_refused_by_check", _refused_by_check)

    def _announced(self, *, workflow: Workflow, transition: Transition, moves: Any, **_: object) -> None:
        for move in moves:
            self._note(workflow, transition, move.from_state)

    def _note(self, workflow: Workflow, transition: Transition, source: str) -> None:
        edge = Edge(transition.name, source, transition.target.name)
        self.taken.setdefault(type(workflow), set()).add(edge)


def all_workflows() -> set[type[Workflow]]:
    """Return the classes of workflows that there are now."""
    found: set[type[Workflow]] = set()
    waiting: list[type[Workflow]] = [Workflow]
    while waiting:
        new = [cls for cls in waiting.pop().__subclasses__() if cls not in found]
        found.update(new)
        waiting += new
    return found
