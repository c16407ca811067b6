"""Transitions of models in coroutines: the call that there is, in the thread where the database is spoken to."""

import copy
from collections.abc import Callable
from functools import wraps
from typing import Any, Self

from asgiref.sync import async_to_sync, sync_to_async

from detent.machine import ImplementationWrapper, Verdict
from detent.machine.arguments import is_coroutine
from detent.machine.unbound import P, R


class AwaitedModelTransition(ImplementationWrapper[P, R]):
    """What a bound transition of a model does where it is called, or asked, in a coroutine."""

    async def acall(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Move the object, as a call does, in one transaction.

        Those of the transition's checks, hooks and methods that are coroutines run in the caller's event loop, while
        the transaction waits for them. Who acts, and other context variables, are the caller's.

        Returns:
            What the implementation returns.

        Raises:
            AbortTransition: As a call raises it.
        """
        moved: R = await sync_to_async(self._waiting_for_coroutines(), thread_sensitive=True)(*args, **kwargs)
        return moved

    async def ais_available(self, *args: Any, **kwargs: Any) -> bool:
        """Whether the state, the permission and the checks allow the transition; coroutines are asked too."""
        return (await self.aexplain(*args, **kwargs)).allowed

    async def aexplain(self, *args: Any, **kwargs: Any) -> Verdict:
        """Say whether `acall` with these arguments would be allowed, and if not, why; nothing is changed."""
        explain = self._waiting_for_coroutines().explain
        return await sync_to_async(explain, thread_sensitive=True)(*args, **kwargs)

    def _waiting_for_coroutines(self) -> Self:
        bound = copy.copy(self)
        bound.declared = self.declared.with_functions(_waited_for)
        return bound


def _waited_for(function: Callable[..., Any]) -> Callable[..., Any]:
    if not is_coroutine(function):
        return function

    @wraps(function)
    def wait(*args: Any, **kwargs: Any) -> Any:
        return async_to_sync(function)(*args, **kwargs)

    return wait
