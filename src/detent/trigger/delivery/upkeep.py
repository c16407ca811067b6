"""What is to be done beside deliveries, wherever they run: clocks, timers, windows, leases, barred rules."""

from detent.trigger.clock.turn import tick
from detent.trigger.delivery.barring import barred, hold
from detent.trigger.delivery.leases import expire_leases
from detent.trigger.timers.turn import TimerTurn
from detent.trigger.windows.deciding import decide


class Upkeep:
    """Keeps the tables of one database up with the time.

    Args:
        using: The database alias.
    """

    def __init__(self, using: str) -> None:
        self._using = using
        self._turn_timers = TimerTurn(using)

    def __call__(self) -> None:
        """Tick clocks, fire timers, decide windows, end leases that ran out, hold back what is barred.

        Raises:
            DatabaseError: The database fails.
        """
        tick(self._using)
        self._turn_timers()
        decide(self._using)
        expire_leases(self._using)
        hold(self._using, barred(self._using))
