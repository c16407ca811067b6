"""Moving many objects at once, by the same rules as one."""

from detent.workflow.bulk.move import BulkMove, moving_field
from detent.workflow.bulk.result import BulkResult, Refusals
from detent.workflow.bulk.selection import Selection

__all__ = ["BulkMove", "BulkResult", "Refusals", "Selection", "moving_field"]
