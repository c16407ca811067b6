"""Who acts: for the transitions inside a block, or for those of a request."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class _Actor:
    """Holds who acts.

    Between threads and event loops asgiref compares what context variables hold, and to compare a request's user is to
    fetch it, which no event loop allows. This compares by identity.
    """

    __slots__ = ("user",)

    def __init__(self, user: Any) -> None:
        self.user = user


_actor: ContextVar[_Actor] = ContextVar("detent_actor", default=_Actor(None))  # noqa: B039 - never changed


def current_actor() -> Any:
    """Return the user who acts, or None."""
    return _actor.get().user


def name_of(user: Any) -> str | None:
    """Return what a user is called, who need not be of Django's own model; None for nobody."""
    if user is None:
        return None
    return str(user.get_username()) if hasattr(user, "get_username") else str(user)


@contextmanager
def acting(*, user: Any) -> Iterator[None]:
    """Let a user act in every transition inside that names no one else.

    Args:
        user: The user, whose permissions then count and whom the log names; None for no one.
    """
    token = _actor.set(_Actor(user))
    try:
        yield
    finally:
        _actor.reset(token)


class ActorMiddleware:
    """Let a request's user act in every transition made while it is answered.

    Put it below `AuthenticationMiddleware` in `MIDDLEWARE`; it serves synchronous and asynchronous requests alike.
    What a streaming response does while it is sent is outside.

    A request raises `ImproperlyConfigured` if no middleware above gave it a user.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]) -> None:
        self.get_response: Callable[[HttpRequest], Any] = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        """Answer the request, with its user acting."""
        if iscoroutinefunction(self):
            return self._answer_later(request)
        with acting(user=_user_of(request)):
            return self.get_response(request)

    async def _answer_later(self, request: HttpRequest) -> HttpResponseBase:
        with acting(user=_user_of(request)):
            response: HttpResponseBase = await self.get_response(request)
            return response


def _user_of(request: HttpRequest) -> Any:
    if not hasattr(request, "user"):
        raise ImproperlyConfigured(
            "ActorMiddleware finds no user: put it below AuthenticationMiddleware in MIDDLEWARE."
        )
    return request.user
