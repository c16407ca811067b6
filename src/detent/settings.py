"""The one `DETENT` dict of a project's settings: what it may hold, its defaults, and how it is read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed

from detent.errors import DetentError


class InvalidSetting(DetentError):
    """`DETENT[name]` cannot be used; the message says what it must be.

    Attributes:
        name: The key in the `DETENT` dict.
        reason: What is wrong with it, or what it must be.
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"DETENT[{name!r}] {reason}")
        self.name = name
        self.reason = reason


def _of(kind: type[Any] | tuple[type[Any], ...], expected: str) -> Callable[[Any], str | None]:
    def complaint(value: object) -> str | None:
        wrong = not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool)
        return f"must be {expected}, not {value!r}." if wrong else None

    return complaint


def _above_zero(value: object) -> str | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return None if number and value > 0 else f"must be a number above 0, not {value!r}."  # type: ignore[operator]


def _count(value: object) -> str | None:
    whole = isinstance(value, int) and not isinstance(value, bool) and value > 0
    return None if whole else f"must be a whole number above 0, not {value!r}."


def _duration(value: object) -> str | None:
    return (
        None
        if isinstance(value, timedelta) and value > timedelta(0)
        else f"must be a timedelta above 0, not {value!r}."
    )


def _model_names(value: object) -> str | None:
    names = isinstance(value, list | tuple | set | frozenset) and all(
        isinstance(name, str) and name.count(".") == 1 for name in value
    )
    return None if names else f'must be a list of "app_label.model" names, not {value!r}.'


def _endpoints(value: object) -> str | None:
    named = isinstance(value, Mapping) and all(
        isinstance(name, str) and isinstance(each, Mapping) for name, each in value.items()
    )
    # The value is not shown: it holds secrets.
    return None if named else 'must be a dict of endpoints by name: {"finance": {"url": ..., "secrets": [...]}}.'


def _senders(value: object) -> str | None:
    # As for endpoints, and for the same reason.
    return 'must be a dict of senders by name: {"stripe": {"secrets": [...]}}.' if _endpoints(value) else None


def _rate(value: object) -> str | None:
    rate = isinstance(value, str) and re.fullmatch(r"([1-9]\d*/[smhd][a-z]*)?", value)
    return None if rate else f'must be a number of requests in a time, such as "600/min", or "", not {value!r}.'


def _paths(value: object) -> str | None:
    paths = isinstance(value, list | tuple | set | frozenset) and all(
        isinstance(path, str) and "." in path for path in value
    )
    return None if paths else f'must be a list of dotted paths such as "shop.tasks.send_invoice", not {value!r}.'


_ONE_MINUTE = timedelta(seconds=60)


def _setting(default: Any, complaint: Callable[[Any], str | None]) -> Any:
    return field(default=default, metadata={"complaint": complaint})


@dataclass(frozen=True)
class DetentSettings:
    """What the `DETENT` dict may hold.

    Attributes:
        RULES_MAX_AGE: Seconds for which a process may use a compiled ruleset without asking whether it changed.
        RECORD_UNMATCHED: Whether an occurrence that no rule matched is kept as a row.
        MAX_DATA_BYTES: The largest `data` of an occurrence, in bytes of JSON.
        MAX_CAUSATION_DEPTH: How many occurrences may stand above one in its chain of causes.
        DISPATCHER: Dotted path of the class that hints at new deliveries; "": through the database where it can, which
            is PostgreSQL. Elsewhere, and with `detent.trigger.delivery.NoDispatcher`, workers only poll.
        LEASE: How long a worker holds a delivery before another may take it.
        ATTEMPTS: How often a delivery is tried where its rule does not say.
        CREATABLE_MODELS: The models, as "app_label.model", that a rule's `create` action may make.
        WEBHOOKS: Who receives webhooks, by the name that rules use: `url`, `secrets` (of Standard Webhooks,
            `"whsec_..."`; two while one replaces the other), and if need be `timeout` in seconds and `allow_private`.
        SENDERS: Who may send signed occurrences, by name: `secrets` as of `WEBHOOKS`, and if need be the `sources` and
            `types` of which it may tell, with `*` for any characters.
        INBOUND_MAX_BYTES: The largest request that brings occurrences.
        INBOUND_MAX_BATCH: How many occurrences one request may bring.
        INBOUND_RATE: How many requests with occurrences a sender, a user or else an address may make in a time, such as
            "600/min"; "" for any number.
        TASKS: The tasks, as dotted paths, that a rule's `task` action may enqueue.
    """

    RULES_MAX_AGE: float = _setting(1.0, _of((int, float), "a number of seconds"))
    RECORD_UNMATCHED: bool = _setting(False, _of(bool, "True or False"))
    MAX_DATA_BYTES: int = _setting(262_144, _above_zero)
    MAX_CAUSATION_DEPTH: int = _setting(16, _above_zero)
    DISPATCHER: str = _setting("", _of(str, "the dotted path of a dispatcher class"))
    LEASE: timedelta = _setting(_ONE_MINUTE, _duration)  # noqa: RUF009 - _setting makes a dataclass field
    ATTEMPTS: int = _setting(8, _above_zero)
    CREATABLE_MODELS: tuple[str, ...] = _setting((), _model_names)
    WEBHOOKS: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, metadata={"complaint": _endpoints})
    SENDERS: Mapping[str, Mapping[str, Any]] = field(default_factory=dict, metadata={"complaint": _senders})
    INBOUND_MAX_BYTES: int = _setting(1_048_576, _count)
    INBOUND_MAX_BATCH: int = _setting(1000, _count)
    INBOUND_RATE: str = _setting("600/min", _rate)
    TASKS: tuple[str, ...] = _setting((), _paths)


def complaints(given: object) -> list[InvalidSetting]:
    """List what is wrong with a `DETENT` dict, for the system check and for reading it.

    Args:
        given: The value of `settings.DETENT`.

    Returns:
        One error for each key that is unknown or has an unusable value; empty if all is well.
    """
    if not isinstance(given, Mapping):
        return [InvalidSetting("", f"must be a dict, not {given!r}.")]
    known = {known_field.name: known_field.metadata["complaint"] for known_field in fields(DetentSettings)}
    found = []
    for name, value in given.items():
        if name not in known:
            found.append(InvalidSetting(name, f"is not a setting; the settings are {', '.join(sorted(known))}."))
        elif reason := known[name](value):
            found.append(InvalidSetting(name, reason))
    return found


@cache
def detent_settings() -> DetentSettings:
    """Read the project's `DETENT` dict.

    Returns:
        The settings, defaults filled in.

    Raises:
        InvalidSetting: A key is unknown or its value unusable.
    """
    given = getattr(settings, "DETENT", {})
    for error in complaints(given):
        raise error
    return DetentSettings(**given)


def _forget(*, setting: str, **_: object) -> None:
    if setting == "DETENT":
        detent_settings.cache_clear()


setting_changed.connect(_forget, dispatch_uid="detent.settings")
