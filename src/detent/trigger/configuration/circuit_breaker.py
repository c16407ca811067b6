"""When the deliveries of a rule that fail in a row are held back, and for how long."""

from typing import NamedTuple


class CircuitBreaker(NamedTuple):
    """A rule's circuit breaker.

    Attributes:
        failures: How many failed attempts in a row open it; None: the rule has none.
        seconds: For how long it holds deliveries back before one is tried.
    """

    failures: int | None
    seconds: float | None


NO_BREAKER = CircuitBreaker(None, None)
