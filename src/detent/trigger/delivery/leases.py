"""What becomes of deliveries whose worker died or stopped: their lease runs out, and they are tried again or dead."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction

from detent.settings import detent_settings
from detent.trigger.delivery.database_clock import DatabaseNow
from detent.trigger.delivery.ending import Ending, end
from detent.trigger.delivery.workflow import BURY, CLAIM, RETRY
from detent.trigger.models import Delivery

AT_ONCE = 1000


def expire_leases(using: str) -> int:
    """End the claims whose lease has run out, so that others can claim and their holder can no longer finish.

    Args:
        using: The database alias.

    Returns:
        How many claims ended.
    """
    held = Delivery.objects.using(using).filter(state=CLAIM.target, lease__lte=DatabaseNow())
    if not held.exists():
        return 0
    with transaction.atomic(using=using):
        mine = held.order_by("lease").select_for_update(skip_locked=True)[:AT_ONCE]
        endings = [_lost(delivery) for delivery in mine]
        return len(endings) - len(end(using, endings))


def _lost(delivery: Delivery) -> Ending:
    used_up = delivery.attempts >= delivery.max_attempts
    reason = f"The lease of worker {delivery.worker} ran out: it died, was stopped, or took too long."
    started = (delivery.lease or delivery.created) - detent_settings().LEASE
    step, wait = (BURY, None) if used_up else (RETRY, timedelta(0))
    return Ending(delivery, step, "lost", started, None, error=reason, wait=wait)


def renew(using: str, deliveries: Iterable[Delivery], lease: timedelta) -> int:
    """Have claims hold for longer; those that hold no more stay lost.

    Args:
        using: The database alias.
        deliveries: As they were claimed.
        lease: How long they hold from now on.

    Returns:
        How many claims hold.
    """
    rows = Delivery.objects.using(using).filter(state=CLAIM.target)
    held = (rows.filter(pk=delivery.pk, epoch=delivery.epoch) for delivery in deliveries)
    return sum(row.update(lease=DatabaseNow(lease)) for row in held)
