"""Telling somebody that deliveries wait. Only a hint: the row is the truth, and a lost hint costs a poll's time."""

from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from typing import Protocol, cast

from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from detent.settings import InvalidSetting, detent_settings


class Dispatcher(Protocol):
    """Hints at new deliveries; the class that `DETENT["DISPATCHER"]` names is made without arguments.

    A method `check()`, if it has one, returns messages of Django's system checks about its configuration.
    """

    def hint(self, delivery_ids: Sequence[int], using: str) -> None:
        """Say that deliveries wait; called after the commit that made them.

        Args:
            delivery_ids: Their keys.
            using: The alias of the database that has them.
        """


class NoDispatcher:
    """Leaves new deliveries to workers that poll, whatever the database could do."""

    def hint(self, delivery_ids: Sequence[int], using: str) -> None:
        """Do nothing: a worker finds the rows when it next looks."""


IN_THE_DATABASE = "detent.trigger.delivery.notify.DatabaseDispatcher"


@cache
def dispatcher() -> Dispatcher:
    """Return the process's dispatcher, made from `DETENT["DISPATCHER"]`.

    Raises:
        InvalidSetting: The path cannot be imported, or what it names cannot hint.
    """
    path = detent_settings().DISPATCHER or IN_THE_DATABASE
    try:
        made = import_string(path)()
    except ImportError as error:
        raise InvalidSetting("DISPATCHER", f"names {path!r}, which cannot be imported: {error}") from error
    if not callable(getattr(made, "hint", None)):
        raise InvalidSetting("DISPATCHER", f"names {path!r}, which has no method hint(delivery_ids, using).")
    return cast("Dispatcher", made)


def import_dispatcher() -> None:
    """Import the module of the dispatcher; what is wrong with it is the system check's to say."""
    with suppress(ImportError, InvalidSetting):
        import_string(detent_settings().DISPATCHER or IN_THE_DATABASE)


def _forget(*, setting: str, **_: object) -> None:
    if setting == "DETENT":
        dispatcher.cache_clear()


setting_changed.connect(_forget, dispatch_uid="detent.trigger.delivery.dispatch")
