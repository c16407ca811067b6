"""Clock rules: their processors, and a tick by hand; the original's `job.clock`."""

from detent.trigger.clock import ClockEventError, ClockEventProcessor, perform_tick, register_processor

__all__ = ["ClockEventError", "ClockEventProcessor", "perform_tick", "register_processor"]
