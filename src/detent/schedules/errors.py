"""The errors of the schedules floor."""

from datetime import datetime

from detent.errors import DetentError


class InvalidSchedule(DetentError, ValueError):
    """A schedule that cannot be kept.

    Attributes:
        schedule: The schedule as given.
        reason: What is wrong with it, and what would be right.
    """

    def __init__(self, schedule: object, reason: str) -> None:
        super().__init__(schedule, reason)
        self.schedule = schedule
        self.reason = reason

    def __str__(self) -> str:
        return f"Invalid schedule {str(self.schedule)[:80]!r}: {self.reason}"


class NaiveMoment(DetentError, ValueError):
    """A datetime without a time zone, of which nobody can say when it is; give it one, such as `tzinfo=UTC`.

    Attributes:
        moment: The datetime.
    """

    def __init__(self, moment: datetime) -> None:
        super().__init__(moment)
        self.moment = moment

    def __str__(self) -> str:
        return f"{self.moment.isoformat()} has no time zone; give it one, such as tzinfo=UTC"
