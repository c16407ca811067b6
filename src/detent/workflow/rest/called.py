"""The transition that a request asks for, bound to its object and given the request's arguments."""

from typing import Any

from django.db import DataError
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.request import Request

from detent.machine import AbortTransition, MissingArgument
from detent.workflow.bound.transition import ModelTransition
from detent.workflow.rest.arguments import ArgumentsSerializer
from detent.workflow.rest.problem import FieldError, invalid
from detent.workflow.rest.refused import TransitionRefused, verdict_of


class Nobody:
    """Who acts where a project's requests have no user at all: someone without permissions, and not no one."""

    is_authenticated = False
    pk = None

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Return False."""
        return False

    def __str__(self) -> str:
        return "nobody"


def actor_of(request: Request) -> Any:
    """Return who acts in a request."""
    return Nobody() if request.user is None else request.user


def asked_of(found: Any, name: str) -> ModelTransition[..., Any]:
    """Return a transition of an object.

    Args:
        found: The object.
        name: The name of the transition.

    Raises:
        NotFound: The object has no such transition.
    """
    moves: list[ModelTransition[..., Any]] = [
        getattr(found, implementations.transitions_at[name])
        for implementations in found._xworkflows_implems.values()
        if name in implementations.transitions_at
    ]
    if not moves:
        said = {"model": found._meta.label, "transition": name}
        raise NotFound(_("%(model)s has no transition %(transition)r.") % said)
    # Two workflows of a model may share a name: the one that starts in the object's state is meant.
    return max(moves, key=lambda move: move.plan.allowed)


def call(move: ModelTransition[..., Any], given: object) -> None:
    """Make a transition.

    Args:
        move: The transition, with who acts.
        given: Its arguments, as JSON gives them.

    Raises:
        TransitionRefused: The verdict, or a hook, stands against it.
        MissingArgument: The arguments lack one.
        ValidationError: They do not fit its signature.
        Problem: They do not fit the object's columns.
    """
    arguments = _arguments(move, given)
    try:
        move(**arguments)
    except MissingArgument:
        raise
    except AbortTransition as refusal:
        raise TransitionRefused(verdict_of(refusal, move)) from refusal
    except (DataError, OverflowError) as error:
        reason = "An argument does not fit what the object can keep."
        raise invalid(FieldError("", reason, "Give a shorter text, or a smaller number.")) from error


def _arguments(move: ModelTransition[..., Any], given: object) -> dict[str, Any]:
    """Read the arguments; who is refused whatever the arguments be is told that first."""
    serializer = ArgumentsSerializer(move, data=given)
    if not serializer.is_valid():
        verdict = move.explain()
        if not verdict.allowed:
            raise TransitionRefused(verdict)
        serializer.is_valid(raise_exception=True)
    arguments: dict[str, Any] = serializer.validated_data
    return arguments
