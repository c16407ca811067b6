"""What a thread of a worker holds: claimed deliveries that it has begun, and those that still wait for it."""

from collections import deque
from collections.abc import Callable, Iterable
from threading import Lock
from time import monotonic

from detent.trigger.models import Delivery


def any_delivery(_: Delivery) -> bool:
    """Accept every delivery."""
    return True


class Holding:
    """The claimed deliveries of one thread. Others may look at it, and take away what was not begun."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: deque[Delivery] = deque()
        self._begun: dict[int, Delivery] = {}
        self._half_time = 0.0

    def take(self, claimed: Iterable[Delivery], half_time: float) -> None:
        """Hold what was just claimed.

        Args:
            claimed: In the order in which to run them.
            half_time: When half of the lease is gone, by `time.monotonic()`.
        """
        with self._lock:
            self._waiting.extend(claimed)
            self._half_time = half_time

    def waits(self) -> bool:
        """Tell whether something was not begun."""
        return bool(self._waiting)

    def begin(self, accept: Callable[[Delivery], bool] = any_delivery) -> Delivery | None:
        """Begin the next one; None if there is none, or it is not one to accept."""
        with self._lock:
            if not self._waiting or not accept(self._waiting[0]):
                return None
            delivery = self._waiting.popleft()
            self._begun[delivery.pk] = delivery
            return delivery

    def ended(self, deliveries: Iterable[Delivery]) -> None:
        """Hold these no longer."""
        with self._lock:
            for delivery in deliveries:
                self._begun.pop(delivery.pk, None)

    def begun(self) -> list[Delivery]:
        """Return what is being run, or was and waits to be written."""
        with self._lock:
            return list(self._begun.values())

    def let_go(self, which: Callable[[Delivery], bool] = any_delivery) -> list[Delivery]:
        """Give up what was not begun, or some of it, and return it, to be released."""
        with self._lock:
            given_up = [delivery for delivery in self._waiting if which(delivery)]
            kept = [delivery for delivery in self._waiting if not which(delivery)]
            self._waiting = deque(kept)
            return given_up

    def let_go_after_half_time(self) -> list[Delivery]:
        """Give up what was not begun if half of the lease is gone: another may have time for it."""
        return self.let_go() if monotonic() > self._half_time else []
