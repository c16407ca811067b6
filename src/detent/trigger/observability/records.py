"""Log records that carry ids, for who reads logs by machine."""

import logging
from typing import TYPE_CHECKING, Any

from detent.workflow.cause import current_cause

if TYPE_CHECKING:
    from detent.trigger.models import Delivery


def ids_of(delivery: "Delivery") -> dict[str, Any]:
    """Return what a log record about a delivery carries as `extra`."""
    return {
        "delivery_id": delivery.pk,
        "event_id": delivery.event_id,
        "action": delivery.action,
        "attempt": delivery.attempts,
        "worker": delivery.worker,
        "using": delivery._state.db,
    }


class CauseFilter(logging.Filter):
    """Gives each log record a `cause`: the delivery in the course of which it was written, as `delivery:17`, or ""."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the cause, and let the record through."""
        record.cause = current_cause()
        return True
