"""The types of rules that come with Detent."""

from detent.trigger.handler import provide_trigger_rule_handler
from detent.trigger.types.clock import ClockHandler
from detent.trigger.types.event import EventHandler
from detent.trigger.types.file import FileHandler
from detent.trigger.types.transition import TransitionHandler

__all__ = ["ClockHandler", "EventHandler", "FileHandler", "TransitionHandler", "register_types"]


def register_types() -> None:
    """Provide the handlers of EVENT, TRANSITION, CLOCK, INGEST and PARSE, for which a project may register its own."""
    for handler in (EventHandler(), TransitionHandler(), ClockHandler(), FileHandler("INGEST"), FileHandler("PARSE")):
        provide_trigger_rule_handler(handler)
