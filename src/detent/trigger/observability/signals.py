"""Signals that tell what was emitted, claimed and ended, many at a time. Without a receiver nothing is computed."""

from django.dispatch import Signal

occurrences_emitted = Signal()
"""Sent after the commit; the sender is `Occurrence`.

Args: `results`, a list of pairs of an occurrence's type and its `Emitted`; `duration`, in seconds, of the whole call;
`using`, the alias of the database.
"""

deliveries_claimed = Signal()
"""Sent when a worker has claimed deliveries; the sender is `Delivery`.

Args: `deliveries`, the rows as they were claimed; `lease`, for how long, as a timedelta; `using`.
"""

deliveries_ended = Signal()
"""Sent when attempts at deliveries have ended, after the commit; the sender is `Delivery`.

Args: `endings`, a list of `detent.trigger.delivery.ending.Ending`, whose `outcome` is `done`, `retry`, `dead` or
`lost`; `using`.
"""
