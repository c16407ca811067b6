"""The window in a rule's configuration: at most one of four, its expressions and durations read."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from detent.patterns import InvalidPattern, Pattern
from detent.schedules import InvalidSchedule, Period
from detent.trigger.configuration.exceptions import InvalidTriggerRule
from detent.trigger.configuration.window_schema import WINDOWS
from detent.trigger.windows.absence import Absence
from detent.trigger.windows.debounce import Debounce
from detent.trigger.windows.entry import Window
from detent.trigger.windows.key import check_by
from detent.trigger.windows.threshold import Threshold
from detent.trigger.windows.throttle import Throttle

Said = Mapping[str, Any]

SUBJECT = "${subject}"


def window_of(configuration: Said) -> Window | None:
    """Read the window of a configuration that fits its schema.

    Args:
        configuration: What a rule says.

    Returns:
        The window; None: it has none.

    Raises:
        InvalidTriggerRule: It has several, or one that cannot be; the error names the place.
    """
    names = [name for name in WINDOWS if name in configuration]
    if len(names) > 1:
        raise InvalidTriggerRule(f"a rule has at most one window, not {' and '.join(names)}", names[1])
    if not names:
        return None
    (name,) = names
    said = configuration[name]
    check_by(said.get("by", SUBJECT), f"{name}.by")
    return READERS[name](said, said.get("by", SUBJECT))


def _throttle(said: Said, by: str) -> Throttle:
    return Throttle(by, int(said["limit"]), _duration(said["per"], "throttle.per"))


def _debounce(said: Said, by: str) -> Debounce:
    quiet = _duration(said["quiet"], "debounce.quiet")
    at_most = _duration(said["at_most"], "debounce.at_most") if "at_most" in said else None
    if at_most is not None and at_most < quiet:
        raise InvalidTriggerRule("must not be shorter than quiet", "debounce.at_most")
    return Debounce(by, quiet, at_most)


def _threshold(said: Said, by: str) -> Threshold:
    return Threshold(by, int(said["count"]), _duration(said["within"], "threshold.within"))


def _absence(said: Said, by: str) -> Absence:
    try:
        compiled = Pattern(said["of"])
    except InvalidPattern as error:
        raise InvalidTriggerRule(error.reason, ".".join(filter(None, ("absence.of", error.path)))) from error
    grace = _duration(said["grace"], "absence.grace") if "grace" in said else timedelta(0)
    within = _duration(said["within"], "absence.within")
    return Absence(by, json.dumps(said["of"], sort_keys=True), within, grace, compiled)


def _duration(text: str, path: str) -> timedelta:
    try:
        return Period.parse(text).duration
    except InvalidSchedule as error:
        raise InvalidTriggerRule(error.reason, path) from error


READERS: dict[str, Callable[[Said, str], Window]] = {
    "throttle": _throttle,
    "debounce": _debounce,
    "threshold": _threshold,
    "absence": _absence,
}
