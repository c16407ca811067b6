"""Who may make which rules: who makes a rule makes the system act, so each of its actions asks for a permission."""

from dataclasses import dataclass
from typing import Protocol

from django.core.exceptions import PermissionDenied

from detent.trigger.actions import actions
from detent.trigger.configuration.trigger_rule import TriggerRuleConfiguration
from detent.trigger.errors import TriggerError


class User(Protocol):
    """Who can be asked for a permission, as Django's users can."""

    def has_perm(self, perm: str, /) -> bool:
        """Say whether the user has a permission, given as "app_label.codename"."""


@dataclass(frozen=True)
class MissingPermission:
    """A permission that an action of a rule asks for, and that the rule's author lacks.

    Attributes:
        position: The place of the action among the rule's, from 0.
        action: The name of the action.
        permission: The permission, as "app_label.codename".
    """

    position: int
    action: str
    permission: str

    def __str__(self) -> str:
        return f"actions.{self.position}: {self.action!r} asks for the permission {self.permission}"


class ActionNotPermitted(TriggerError, PermissionDenied):
    """Who would make a rule may not have its actions run; nothing has been written.

    Attributes:
        missing: The permissions that are lacking.
    """

    def __init__(self, missing: tuple[MissingPermission, ...]) -> None:
        super().__init__("; ".join(map(str, missing)))
        self.missing = missing


def missing_permissions(user: User, configuration: TriggerRuleConfiguration) -> tuple[MissingPermission, ...]:
    """List what a user lacks to make a rule; nothing for a superuser.

    Args:
        user: Who would make it.
        configuration: What it would say; it is valid.
    """
    return tuple(
        MissingPermission(position, planned["action"], permission)
        for position, planned in enumerate(configuration.actions)
        for permission in sorted(actions.get(planned["action"]).permissions(planned.get("input", {})))
        if not user.has_perm(permission)
    )


def check_author(user: User, configuration: TriggerRuleConfiguration) -> None:
    """Refuse a rule whose actions its author may not have run; whoever takes rules from users calls this first.

    Args:
        user: Who would make it.
        configuration: What it would say; it is valid.

    Raises:
        ActionNotPermitted: The user lacks the permission of one of its actions.
    """
    if missing := missing_permissions(user, configuration):
        raise ActionNotPermitted(missing)
