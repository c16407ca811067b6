"""The four steps of a transition, each of which a subclass may override."""

from collections.abc import Sequence
from typing import Any

from detent.machine.arguments import Call
from detent.machine.bound import BoundTransition
from detent.machine.errors import MustBeAwaited
from detent.machine.hooks import Hook
from detent.machine.unbound import P, R

STEPS = ("_pre_transition_checks", "_pre_transition", "_during_transition", "_post_transition")


class SteppedTransition(BoundTransition[P, R]):
    """A bound transition, with the steps that a call runs; their names and arguments are xworkflows'."""

    __slots__ = ()

    def _step_by_step(self, *args: P.args, **kwargs: P.kwargs) -> R:
        self._refuse_coroutines()
        self._call = self._called_with(args, kwargs)
        self._pre_transition_checks()
        self._pre_transition(*args, **kwargs)
        result = self._during_transition(*args, **kwargs)
        self._post_transition(result, *args, **kwargs)
        return result

    def _pre_transition(self, *args: P.args, **kwargs: P.kwargs) -> None:
        if before := self.plan.before:
            self._run(before, self._called_with(args, kwargs))

    def _during_transition(self, *args: P.args, **kwargs: P.kwargs) -> R:
        result = self._implement(*args, **kwargs)
        self._enter_target(*args, **kwargs)
        return result

    def _implement(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the implementation; a subclass may choose what it is given."""
        return self.declared.implementation(self.instance, *args, **kwargs)

    def _post_transition(self, result: R, /, *args: P.args, **kwargs: P.kwargs) -> None:
        # What runs after does not depend on the source state, so the plan of the new state serves here.
        if after := self.plan.after:
            self._run(after, self._called_with(args, kwargs), result)

    def _run(self, hooks: Sequence[Hook], call: Call, *result: object) -> None:
        for hook in hooks:
            if hook.awaited:
                raise self._must_be_awaited([hook.description])
            hook.run(self.instance, call, *result)

    def _enter_target(self, *args: Any, **kwargs: Any) -> None:
        """Set the state, and tell the log."""
        declared, instance = self.declared, self.instance
        self.from_state = self.current_state
        setattr(instance, declared.field_name, declared.transition.target.name)
        declared.workflow.log_transition(declared.transition, self.from_state, instance, *args, **kwargs)

    def _refuse_coroutines(self) -> None:
        coroutines = self.plan.coroutines
        if coroutines:
            raise self._must_be_awaited(coroutines)

    def _must_be_awaited(self, parts: Sequence[str]) -> MustBeAwaited:
        names = self.transition.name, type(self.workflow).__name__
        return MustBeAwaited(*names, tuple(parts), state=self.current_state.name, instance=self.instance)

    def _is_replaced(self, step: str) -> bool:
        return getattr(type(self), step) is not getattr(SteppedTransition, step)


def runs_usual_steps(bound_class: type[Any]) -> bool:
    """Whether a class of bound transitions has nothing of a call replaced."""
    parts = (*STEPS, "_verdict", "_refused_outright", "_refused_by_permission", "_implement", "_enter_target")
    return all(getattr(bound_class, part) is getattr(SteppedTransition, part) for part in parts)
