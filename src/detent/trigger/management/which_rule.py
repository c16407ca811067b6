"""Which rule, and which user, an operator means."""

from typing import TYPE_CHECKING

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError

from detent.trigger.managers.rules import is_uuid
from detent.trigger.models import TriggerRule

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


def find_rule(named: str, using: str) -> TriggerRule:
    """Return the rule that an operator named.

    Args:
        named: Its key, its `uuid` or its name.
        using: The database alias.

    Raises:
        CommandError: There is no such rule, or several are called so.
    """
    rules = TriggerRule.objects.db_manager(using)
    key = {"pk": int(named)} if named.isdecimal() else {"uuid": named} if is_uuid(named) else None
    called: list[TriggerRule] = list(rules.filter(**key)) if key else []
    called = called or rules.called(named)
    if not called:
        raise CommandError(f"There is no rule {named!r}; `manage.py detent rules list` shows which there are.")
    if len(called) > 1:
        lines = [f"  {rule.pk}: {rule.type}, made {rule.created:%Y-%m-%d %H:%M:%S %Z}" for rule in called]
        raise CommandError("\n".join([f"{len(called)} rules are called {named!r}; name one by its key:", *lines]))
    return called[0]


def find_user(name: str | None, using: str) -> "AbstractBaseUser | None":
    """Return the user whom an operator named, or None if none was named.

    Raises:
        CommandError: There is no such user.
    """
    if name is None:
        return None
    users = get_user_model()
    try:
        return users._default_manager.db_manager(using).get_by_natural_key(name)
    except users.DoesNotExist as error:
        raise CommandError(f"There is no user {name!r}.") from error
