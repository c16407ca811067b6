"""Running what rules ask for: at least once, from the database, which is the only truth.

The modules that need the tables are imported by name (`detent.trigger.delivery.worker`), so that models can import
this package.
"""

from detent.trigger.delivery.dispatch import Dispatcher, NoDispatcher, dispatcher
from detent.trigger.delivery.outcome import Reject, Retry
from detent.trigger.delivery.workflow import DeliveryWorkflow

__all__ = ["DeliveryWorkflow", "Dispatcher", "NoDispatcher", "Reject", "Retry", "dispatcher"]
