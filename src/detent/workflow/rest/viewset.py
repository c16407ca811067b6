"""The transitions of an object over HTTP, for a project's own viewsets."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from detent.machine import AbortTransition, MissingArgument, Verdict
from detent.workflow.bound.transition import ModelTransition
from detent.workflow.rest.arguments import ArgumentsSerializer
from detent.workflow.rest.json_body import StrictJSONParser
from detent.workflow.rest.problem_view import Handler, problem_handler
from detent.workflow.rest.refused import TransitionRefused, verdict_of

OWN_ACTIONS = frozenset({"transitions", "transition"})


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

    def get_exception_handler(self) -> Handler:
        """Return what makes a problem of an exception; the viewset's other actions keep the project's handler."""
        own = OWN_ACTIONS.isdisjoint((self.action_map or {}).values())
        return super().get_exception_handler() if own else problem_handler

    @action(detail=True)
    def transitions(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say of each transition that starts in the object's state whether the user may make it."""
        verdicts = self.get_object().available_transitions(by=_actor(request))
        return Response([_listed(verdict) for verdict in verdicts])

    @action(
        detail=True, methods=["post"], url_path=r"transitions/(?P<transition>[^/.]+)", parser_classes=[StrictJSONParser]
    )
    def transition(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Make a transition, with the JSON object of the request as its arguments; return the object.

        Raises:
            NotFound: The object has no such transition.
            TransitionRefused: The verdict, or a hook, stands against it.
            MissingArgument: The arguments lack one.
            ValidationError: They do not fit its signature.
        """
        moved = self.get_object()
        move = _bound(moved, self.kwargs["transition"]).by(_actor(request))
        try:
            move(**_arguments(move, request.data))
        except MissingArgument:
            raise
        except AbortTransition as refusal:
            raise TransitionRefused(verdict_of(refusal, move)) from refusal
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
