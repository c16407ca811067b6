"""Closing and opening endpoints; each is a logged transition, and nothing is sent to a closed one."""

from typing import Any

from django.db import transaction

from detent.trigger.models import WebhookEndpoint


def closed_reason(name: str, using: str) -> str | None:
    """Say why nothing may be sent to an endpoint; None if it may.

    Args:
        name: Its name.
        using: The database alias.
    """
    closed = WebhookEndpoint.objects.using(using).filter(name=name, state="disabled")
    return closed.values_list("reason", flat=True).first()


def disable(name: str, reason: str, using: str, *, by: Any = None) -> bool:
    """Send nothing to an endpoint until it is enabled.

    Args:
        name: Its name.
        reason: Why.
        using: The database alias.
        by: The user who acts, for the log.

    Returns:
        Whether it was enabled until now.
    """
    row = _row(name, using)
    with transaction.atomic(using=using):
        row = WebhookEndpoint.objects.using(using).select_for_update().get(pk=row.pk)
        row.reason = reason
        return _moved(row.disable.by(by))


def enable(name: str, using: str, *, by: Any = None) -> bool:
    """Send to an endpoint again; arguments and result as of `disable`."""
    with transaction.atomic(using=using):
        row = WebhookEndpoint.objects.using(using).select_for_update().filter(name=name).first()
        if row is None:
            return False
        row.reason = ""
        return _moved(row.enable.by(by))


def _moved(call: Any) -> bool:
    allowed: bool = call.is_available()
    if allowed:
        call()
    return allowed


def _row(name: str, using: str) -> WebhookEndpoint:
    rows = WebhookEndpoint.objects.using(using)
    return rows.get_or_create(name=name)[0]
