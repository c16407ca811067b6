"""Transitions over HTTP, for a project's own viewsets.

It needs djangorestframework, as the extra `rest` brings it; nothing else of Detent imports it.
"""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from detent.machine import AbortTransition, MissingArgument, Verdict
from detent.workflow.bound.transition import ModelTransition
from detent.workflow.rest_arguments import ArgumentsSerializer


class TransitionRefused(APIException):
    """A transition did not take place: 403 if who asks lacks the permission, 409 for every other reason.

    Attributes:
        verdict: Why.
    """

    def __init__(self, verdict: Verdict) -> None:
        self.status_code = status.HTTP_403_FORBIDDEN if verdict.code == "permission" else status.HTTP_409_CONFLICT
        self.verdict = verdict
        super().__init__(
            {
                "detail": str(verdict.message),
                "code": verdict.code,
                "check": verdict.check,
                "state": verdict.state,
                "transition": verdict.transition,
            }
        )


class Nobody:
    """Who acts where a project's requests have no user at all: someone without permissions, and not no one."""

    is_authenticated = False

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Return False."""
        return False

    def __str__(self) -> str:
        return "nobody"


class WorkflowViewSetMixin(GenericViewSet[Any]):
    """Gives a viewset of a model with a workflow the transitions of an object, made by the user of the request.

    `GET <object>/transitions/` lists the transitions that start in the object's state, and
    `POST <object>/transitions/<name>/` makes one. Who may ask at all is for the viewset's `permission_classes` to say;
    a transition that declares a permission is refused to a user who lacks it, an anonymous one included.
    """

    @action(detail=True)
    def transitions(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say of each transition that starts in the object's state whether the user may make it."""
        verdicts = self.get_object().available_transitions(by=_actor(request))
        return Response([_listed(verdict) for verdict in verdicts])

    @action(detail=True, methods=["post"], url_path=r"transitions/(?P<transition>[^/.]+)", parser_classes=[JSONParser])
    def transition(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make a transition, with the JSON object of the request as its arguments; return the object.

        Raises:
            NotFound: The object has no such transition.
            TransitionRefused: The verdict, or a hook, stands against it.
            ValidationError: The arguments do not fit its signature.
        """
        moved = self.get_object()
        move = _bound(moved, self.kwargs["transition"]).by(_actor(request))
        try:
            move(**_arguments(move, request.data))
        except MissingArgument as missing:
            raise ValidationError({"detail": str(missing)}) from missing
        except AbortTransition as refusal:
            raise TransitionRefused(_reason(move, refusal)) from refusal
        # What the viewset's queryset fetched ahead is what was related before the transition.
        moved._prefetched_objects_cache = {}
        return Response(self.get_serializer(moved).data)


def _actor(request: Request) -> Any:
    return Nobody() if request.user is None else request.user


def _listed(verdict: Verdict) -> dict[str, object]:
    return {
        "name": verdict.transition,
        "allowed": verdict.allowed,
        "code": verdict.code,
        "detail": str(verdict.message),
        "pending": verdict.pending,
    }


def _bound(moved: Any, name: str) -> ModelTransition[..., Any]:
    moves: list[ModelTransition[..., Any]] = [
        getattr(moved, implementations.transitions_at[name])
        for implementations in moved._xworkflows_implems.values()
        if name in implementations.transitions_at
    ]
    if not moves:
        said = {"model": moved._meta.label, "transition": name}
        raise NotFound(_("%(model)s has no transition %(transition)r.") % said)
    # Two workflows of a model may share a name: the one that starts in the object's state is meant.
    return max(moves, key=lambda move: move.plan.allowed)


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


def _reason(move: ModelTransition[..., Any], refusal: AbortTransition) -> Verdict:
    """Return the verdict of a refusal; what a hook has stopped has the one that `explain` would word."""
    if refusal.verdict is not None:
        return refusal.verdict
    return Verdict(move.transition.name, move.current_state.name, code="check", message=str(refusal))
