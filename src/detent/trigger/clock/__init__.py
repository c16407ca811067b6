"""Clock rules. This package itself has what the original's `job.clock` had: processors, and a tick by hand."""

from django.db import DEFAULT_DB_ALIAS

from detent.trigger.clock.processors import ClockEventError, ClockEventProcessor, register_processor

__all__ = ["ClockEventError", "ClockEventProcessor", "perform_tick", "register_processor"]


def perform_tick() -> None:
    """Write the events of the clock rules that are due; what they ask for is run by a worker, which ticks by itself."""
    # It needs the models, which are not loaded yet where an app defines its processors beside its own.
    from detent.trigger.clock.turn import tick

    tick(DEFAULT_DB_ALIAS)
