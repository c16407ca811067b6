"""Senders: who may send signed occurrences, by name, as `DETENT["SENDERS"]` has them, with their secrets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from fnmatch import fnmatchcase
from typing import Any

from detent.settings import InvalidSetting, detent_settings
from detent.trigger.webhook.endpoint import faults_of_secrets

EMIT = "trigger.add_occurrence"
"""The permission of those who may send occurrences."""


@dataclass(frozen=True)
class Sender:
    """Who sends signed occurrences; the user of its requests.

    Attributes:
        name: Its name in the settings.
        secrets: What signs, in the form of Standard Webhooks (`whsec_...`); while one replaces another, both.
        sources: The sources of which it may tell, with `*` for any characters.
        types: The types of which it may tell, likewise.
    """

    name: str
    secrets: tuple[str, ...]
    sources: tuple[str, ...] = ("*",)
    types: tuple[str, ...] = ("*",)

    is_authenticated = True
    is_anonymous = False
    is_active = True

    @property
    def pk(self) -> str:
        """What tells it from others, as for the limits of its rate."""
        return f"sender:{self.name}"

    def has_perm(self, permission: str, obj: object = None) -> bool:
        """Whether it may; it may send occurrences, and nothing else."""
        return permission == EMIT

    def may_tell(self, attribute: str, value: str) -> bool:
        """Whether it may tell of a source, or of a type.

        Args:
            attribute: "source" or "type".
            value: Which.
        """
        allowed = self.sources if attribute == "source" else self.types
        return any(fnmatchcase(value, each) for each in allowed)

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<Sender {self.name!r}, {len(self.secrets)} secrets>"


def senders() -> Iterator[Sender]:
    """Yield the senders of the settings.

    Raises:
        InvalidSetting: An entry cannot be used.
    """
    for name, given in detent_settings().SENDERS.items():
        for fault in faults(given):
            raise InvalidSetting("SENDERS", f"{name!r}: {fault}")
        yield Sender(name, **{option: tuple(values) for option, values in given.items()})


def faults(given: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with an entry of `DETENT["SENDERS"]`; no secret is in the texts.

    Args:
        given: The entry.
    """
    names = [field.name for field in fields(Sender) if field.name != "name"]
    if unknown := sorted(map(str, given.keys() - set(names))):
        yield f"{unknown[0]!r} is none of {', '.join(names)}."
    yield from faults_of_secrets(given.get("secrets"))
    for option in ("sources", "types"):
        values = given.get(option, ())
        if not isinstance(values, list | tuple) or not all(isinstance(each, str) for each in values):
            yield f'{option} must be a list of texts such as "order.*".'
