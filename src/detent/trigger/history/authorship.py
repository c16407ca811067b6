"""Who makes, pauses or archives a rule."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model

from detent.workflow.actor import current_actor

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


def author_key(by: "AbstractBaseUser | None" = None) -> Any:
    """Return the key of the user who is to be named, or None.

    Args:
        by: Who does it; None: who acts, by `acting(user=...)` or in a request. Whoever has no row in the project's
            table of users, as an anonymous visitor, is nobody.
    """
    user = current_actor() if by is None else by
    return user.pk if isinstance(user, get_user_model()) else None
