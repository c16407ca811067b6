"""What can become of an event of a rule with a window, as its `outcome` has it; "failed" can be any event's."""

WAITING = "waiting"
"""No worker has looked at it."""

HELD = "held"
"""A worker has looked at it, and its time has not come: the last of a burst, or what an absence counts from."""

COUNTING = "counting"
"""It counts towards a threshold that has not been reached."""

FIRED = ""
"""The rule's actions go ahead."""

THROTTLED = "throttled"
"""As many as the limit allows had fired."""

DEBOUNCED = "debounced"
"""Another one followed it."""

COUNTED = "counted"
"""It counted towards a threshold that was reached; the reason names the event that fired."""

REPEATED = "repeated"
"""Another one had opened the absence already."""

CANCELLED = "cancelled"
"""What would have been missed came."""

HEARD = "heard"
"""It is what an absence waits for; the reason says what it changed."""

STOPPED = "stopped"
"""Nobody listened any more for what would have cancelled it."""

UNDECIDED = (WAITING, HELD)
"""The outcomes of events that a worker has yet to decide, so that they must not be pruned."""

COUNT_LATER = (FIRED, COUNTING, HEARD, CANCELLED)
"""The outcomes of events by which a window may decide about later ones, or about some that come late."""
