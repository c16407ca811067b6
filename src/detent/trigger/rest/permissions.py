"""Who may do what: each of a view's actions names the permissions that it takes."""

from collections.abc import Mapping
from typing import ClassVar, Protocol, cast

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

VIEW_RULE, ADD_RULE, CHANGE_RULE = (f"trigger.{act}_triggerrule" for act in ("view", "add", "change"))
VIEW_EVENT = "trigger.view_triggerevent"
VIEW_DELIVERY = "trigger.view_delivery"
VIEW_OCCURRENCE = "trigger.view_occurrence"
CANCEL, REDRIVE = "trigger.cancel_delivery", "trigger.redrive_delivery"
REPLAY = "trigger.replay_occurrence"


class Guarded(Protocol):
    """A view whose actions are guarded.

    Attributes:
        action: What is done; None for a method that the view does not have.
        to_read: The permissions that every action takes.
        to_act: Those that an action takes beside, by its name.
    """

    action: str | None
    to_read: ClassVar[tuple[str, ...]]
    to_act: ClassVar[Mapping[str, tuple[str, ...]]]


class HoldsPermissions(BasePermission):
    """Lets those act who have logged in and hold what the action takes; superusers hold everything."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Say whether the user of a request holds what it takes."""
        user = request.user
        if user is None or not user.is_authenticated:
            return False
        guarded = cast("Guarded", view)
        return bool(user.has_perms((*guarded.to_read, *guarded.to_act.get(guarded.action or "", ()))))
