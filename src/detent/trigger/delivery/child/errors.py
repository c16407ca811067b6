"""What can become of the process that runs an action."""

from datetime import timedelta

from detent.schedules import Period
from detent.trigger.errors import TriggerError


class TimeLimitExceeded(TriggerError):
    """An action ran for longer than its rule allows.

    Attributes:
        seconds: How long it was allowed to run.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"The action was killed as it had not ended after {Period(timedelta(seconds=seconds))}, "
            "which is its rule's delivery.time_limit. Find out what it waits for, or allow it more time."
        )
        self.seconds = seconds


class ActionProcessEnded(TriggerError):
    """An action took the process along that ran it.

    Attributes:
        status: The exit status of the process; a negative one is the signal that killed it.
    """

    def __init__(self, status: int) -> None:
        super().__init__(
            f"The process that ran the action ended with status {status}. An action ends by returning or raising: look "
            "for os._exit, for a crash in a C library, or for who killed it, such as a kernel that ran out of memory."
        )
        self.status = status


class ActionProcessDidNotStart(TriggerError):
    """The process that is to run actions with a time limit ended, or was too slow, before it could run any.

    Attributes:
        status: The exit status of the process; a negative one is the signal that killed it.
    """

    def __init__(self, status: int) -> None:
        super().__init__(
            f"The process for actions with a time limit did not start (status {status}). It is a Python with the "
            "worker's environment, DJANGO_SETTINGS_MODULE included; the worker's standard error says more."
        )
        self.status = status
