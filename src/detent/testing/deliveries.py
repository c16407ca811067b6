"""Running deliveries inside a test, on the test's own connection."""

from detent.errors import DetentError
from detent.trigger.delivery.status import unknown_actions
from detent.trigger.delivery.worker import Worker


class NeverIdle(DetentError, AssertionError):
    """Deliveries lead to more deliveries without end.

    Attributes:
        at_most: How many were to be run at most.
    """

    def __init__(self, at_most: int) -> None:
        super().__init__(
            f"More than {at_most} deliveries were due. Do two rules trigger each other? at_most= allows more."
        )
        self.at_most = at_most


class NotDelivered(DetentError, AssertionError):
    """Deliveries are due that no worker can run.

    Attributes:
        waiting: How many, by the name of the action that is not registered.
    """

    def __init__(self, waiting: dict[str, int]) -> None:
        names = ", ".join(f"{name} ({count})" for name, count in sorted(waiting.items()))
        super().__init__(f"Deliveries wait for actions that are not registered: {names}.")
        self.waiting = waiting


def deliver_all(using: str = "default", *, at_most: int = 1000) -> int:
    """Run what is due, and what becomes due by that, here and now; what waits for a later time is left.

    Args:
        using: The database alias.
        at_most: How many deliveries may be run, lest rules that trigger each other run for ever.

    Returns:
        How many deliveries were run; one that was tried twice counts twice.

    Raises:
        NeverIdle: More than `at_most` were due.
        NotDelivered: Some wait for an action that is not registered.
    """
    worker = Worker(using)
    total = 0
    while ran := worker.run_once():
        total += ran
        if total > at_most:
            raise NeverIdle(at_most)
    if waiting := unknown_actions(using):
        raise NotDelivered(waiting)
    return total
