"""What the signals come to as measures, whoever keeps them."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from detent.trigger.observability.signals import deliveries_claimed, deliveries_ended, occurrences_emitted

if TYPE_CHECKING:
    from detent.trigger.delivery.ending import Ending
    from detent.trigger.models import Delivery
    from detent.trigger.occurrences.emitted import Emitted

OCCURRENCES = "Occurrences that were emitted, by type and by what came of them: recorded, duplicate or unmatched"
EMIT_DURATION = "Seconds that a call of emit or emit_many took"
CLAIMED = "Deliveries that were claimed, by action"
LAG = "Seconds from when a delivery was due to its claim, by the database's clock"
ENDED = "Attempts at deliveries that ended, by action and outcome: done, retry, dead or lost"
DURATION = "Seconds that an attempt at a delivery took"


class Measures(Protocol):
    """Keeps counts and timings."""

    def emitted(self, type: str, result: str) -> None:  # noqa: A002 - what it is called everywhere
        """Count an occurrence."""

    def emitting_took(self, seconds: float) -> None:
        """Note how long a call took."""

    def claimed(self, action: str, lag: float) -> None:
        """Count a claimed delivery, and note how many seconds it had been due."""

    def ended(self, action: str, outcome: str, duration: float | None) -> None:
        """Count an attempt, and note how many seconds it took; None: nobody knows."""


def keep(measures: Measures) -> Callable[[], None]:
    """Have measures kept from now on.

    Args:
        measures: Who keeps them.

    Returns:
        Call it to have them kept no longer.
    """

    def on_emitted(results: "Sequence[tuple[str, Emitted]]", duration: float, **_: Any) -> None:
        measures.emitting_took(duration)
        for name, emitted in results:
            measures.emitted(name, result_of(emitted))

    def on_claimed(deliveries: "Sequence[Delivery]", lease: timedelta, **_: Any) -> None:
        for delivery in deliveries:
            measures.claimed(delivery.action, lag(delivery, lease))

    def on_ended(endings: "Sequence[Ending]", **_: Any) -> None:
        for ending in endings:
            measures.ended(ending.delivery.action, ending.outcome, ending.duration)

    pairs = ((occurrences_emitted, on_emitted), (deliveries_claimed, on_claimed), (deliveries_ended, on_ended))
    for signal, receiver in pairs:
        signal.connect(receiver, weak=False)

    def stop() -> None:
        for signal, receiver in pairs:
            signal.disconnect(receiver)

    return stop


@contextmanager
def kept(measures: Measures) -> Iterator[None]:
    """Have measures kept for the length of a block, as tests do."""
    stop = keep(measures)
    try:
        yield
    finally:
        stop()


def result_of(emitted: "Emitted") -> str:
    """Return in a word what came of an emission."""
    if emitted.occurrence is not None:
        return "recorded"
    return "duplicate" if emitted.duplicate else "unmatched"


def lag(delivery: "Delivery", lease: timedelta) -> float:
    """Return for how many seconds a delivery had been due when it was claimed, by the database's clock alone."""
    return max(0.0, (delivery.lease - lease - delivery.due).total_seconds()) if delivery.lease else 0.0
