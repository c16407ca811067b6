"""The calls of transitions that wait for coroutines."""

import inspect
from typing import Any

from detent.machine.errors import AbortTransition
from detent.machine.steps import SteppedTransition
from detent.machine.unbound import P, R
from detent.machine.verdict import Verdict


async def _settled(value: Any) -> Any:
    """Return a value, waited for if it must be."""
    return await value if inspect.isawaitable(value) else value


class AwaitedTransition(SteppedTransition[P, R]):
    """What a bound transition does where its object is moved, or asked about, in a coroutine.

    The order is that of a call. A step that a subclass overrides runs as it stands there, and may be a coroutine.
    """

    __slots__ = ()

    async def acall(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Move the object, waiting for those of its checks, hooks and methods that are coroutines.

        Between two of them other tasks run. What they do to the object is not held off, and a call that is cancelled
        leaves the object as one that failed there.

        Returns:
            What the implementation returns.

        Raises:
            InvalidTransitionError: The transition does not start in the object's state.
            ForbiddenTransition: A check refused.
            MissingArgument: A check needs an argument that the call did not give.
        """
        self._call = self._called_with(args, kwargs)
        await self._apre_transition_checks()
        await self._apre_transition(*args, **kwargs)
        result = await self._aduring_transition(*args, **kwargs)
        await self._apost_transition(result, *args, **kwargs)
        return result

    async def ais_available(self, *args: Any, **kwargs: Any) -> bool:
        """Whether the state and the checks allow the transition; coroutines among the checks are asked too."""
        return (await self.aexplain(*args, **kwargs)).allowed

    async def aexplain(self, *args: Any, **kwargs: Any) -> Verdict:
        """Say whether `acall` with these arguments would be allowed, and if not, why; nothing is changed."""
        self._call = self._called_with(args, kwargs)
        try:
            if not self._is_replaced("_pre_transition_checks"):
                return await self._averdict()
            await self._apre_transition_checks()
        except AbortTransition as refusal:
            return self._verdict_of(refusal)
        return self._answer(self.current_state)

    async def _apre_transition_checks(self) -> None:
        if self._is_replaced("_pre_transition_checks"):
            await self._taken("_pre_transition_checks")
        else:
            self._raise_unless_allowed(await self._averdict())

    async def _averdict(self) -> Verdict:
        state, call = self.current_state, self.call
        refusal = self._refused_outright(state)
        if refusal is not None:
            return refusal
        plan, pending = self.declared.plan_from(state.state), []
        for check in plan.checks:
            if check.parameters.missing(call):
                pending.append(check.name)
            elif not await _settled(check.run(self.instance, call)):
                return self._refused_by_check(state, check)
        return self._answer(state, pending=tuple(pending))

    async def _apre_transition(self, *args: P.args, **kwargs: P.kwargs) -> None:
        if self._is_replaced("_pre_transition"):
            await self._taken("_pre_transition", *args, **kwargs)
            return
        call = self._called_with(args, kwargs)
        for hook in self.plan.before:
            await _settled(hook.run(self.instance, call))

    async def _aduring_transition(self, *args: P.args, **kwargs: P.kwargs) -> R:
        if self._is_replaced("_during_transition"):
            return await self._taken("_during_transition", *args, **kwargs)  # type: ignore[no-any-return]
        result = await _settled(self._implement(*args, **kwargs))
        self._enter_target(*args, **kwargs)
        return result  # type: ignore[no-any-return]

    async def _apost_transition(self, result: R, /, *args: P.args, **kwargs: P.kwargs) -> None:
        if self._is_replaced("_post_transition"):
            await self._taken("_post_transition", result, *args, **kwargs)
            return
        call = self._called_with(args, kwargs)
        for hook in self.plan.after:
            await _settled(hook.run(self.instance, call, result))

    async def _taken(self, step: str, *args: Any, **kwargs: Any) -> Any:
        return await _settled(getattr(self, step)(*args, **kwargs))
