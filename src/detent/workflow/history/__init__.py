"""What the logs tell of the past: where objects were, and for how long."""

from detent.workflow.history.past import unknown_at, was_in_state_at
from detent.workflow.history.stays import OpenStay, TimeInState, time_in_state

__all__ = ["OpenStay", "TimeInState", "time_in_state", "unknown_at", "was_in_state_at"]
