"""Endpoints: who receives webhooks, by name, as `DETENT["WEBHOOKS"]` has them; their secrets stand nowhere else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import SplitResult, urlsplit

from detent.settings import InvalidSetting, detent_settings
from detent.trigger.errors import TriggerError
from detent.trigger.webhook.signature import key_of

LONGEST_TIMEOUT = 300


class UnknownEndpoint(TriggerError, LookupError):
    """There is no endpoint of this name.

    Attributes:
        name: The name asked for.
        known: The names there are.
    """

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(
            f'There is no webhook endpoint {name!r}; DETENT["WEBHOOKS"] has {", ".join(known) or "none"}. Add it there.'
        )
        self.name = name
        self.known = known


@dataclass(frozen=True)
class Endpoint:
    """Who receives webhooks.

    Attributes:
        url: Where to; `https`, or `http` where private addresses are allowed.
        secrets: What signs, in the form of Standard Webhooks (`whsec_...`); while one replaces another, both.
        timeout: After how many seconds without an answer it is tried again.
        allow_private: Whether the address may be private, of this machine, or of its link.
    """

    url: str
    secrets: tuple[str, ...]
    timeout: float = 10
    allow_private: bool = False

    @property
    def place(self) -> SplitResult:
        """The parts of the URL."""
        return urlsplit(self.url)

    def __repr__(self) -> str:
        return f"<Endpoint {self.place.hostname!r}, {len(self.secrets)} secrets>"


def endpoint(name: str) -> Endpoint:
    """Return the endpoint of a name.

    Raises:
        UnknownEndpoint: `DETENT["WEBHOOKS"]` does not have it.
        InvalidSetting: Its entry cannot be used.
    """
    known = detent_settings().WEBHOOKS
    if name not in known:
        raise UnknownEndpoint(name, tuple(sorted(known)))
    for fault in faults(known[name]):
        raise InvalidSetting("WEBHOOKS", f"{name!r}: {fault}")
    return Endpoint(**{**known[name], "secrets": tuple(known[name]["secrets"])})


def faults(given: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with an entry of `DETENT["WEBHOOKS"]`; no secret is in the texts.

    Args:
        given: The entry.
    """
    names = [field.name for field in fields(Endpoint)]
    if unknown := sorted(map(str, given.keys() - set(names))):
        yield f"{unknown[0]!r} is none of {', '.join(names)}."
    yield from _faults_of_url(given.get("url"), allow_private=given.get("allow_private", False) is True)
    yield from faults_of_secrets(given.get("secrets"))
    timeout = given.get("timeout", Endpoint.timeout)
    if isinstance(timeout, bool) or not isinstance(timeout, int | float) or not 0 < timeout <= LONGEST_TIMEOUT:
        yield f"timeout must be a number of seconds up to {LONGEST_TIMEOUT}, not {timeout!r}."
    if not isinstance(given.get("allow_private", False), bool):
        yield f"allow_private must be True or False, not {given['allow_private']!r}."


def _faults_of_url(url: object, *, allow_private: bool) -> Iterator[str]:
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
        usable = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if not usable or parts.scheme not in ("http", "https"):
        yield "url must be one with https and a host."
    elif parts.scheme == "http" and not allow_private:
        yield "url must have https; http is for endpoints with allow_private."
    elif parts.username is not None:
        yield "url must not hold a user or password: receivers know us by the signature."


def faults_of_secrets(secrets: object) -> Iterator[str]:
    """Yield what is wrong with the secrets of an entry; none of them is in the texts."""
    if not isinstance(secrets, list | tuple) or not secrets:
        yield "secrets must be a list with at least one secret."
        return
    for number, secret in enumerate(secrets, 1):
        try:
            key_of(secret if isinstance(secret, str) else "")
        except ValueError as error:
            yield f"secret {number} cannot be used: {error}."
