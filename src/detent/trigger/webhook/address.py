"""Which addresses a webhook may be sent to: those of the open network, unless its endpoint says otherwise.

Rules are data: who may write one must not reach what only the worker's machine can reach, such as a cloud's metadata
service at 169.254.169.254. A name is resolved once, and the connection goes to the address that was looked at.
"""

import ipaddress
import socket
from typing import NamedTuple, TypeAlias

from detent.trigger.errors import TriggerError

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
"""IPv6 addresses through which a network reaches IPv4 ones (RFC 6052)."""


class ForbiddenAddress(TriggerError):
    """A webhook's host has no address on the open network.

    Attributes:
        host: The host.
        addresses: The addresses that it has.
    """

    def __init__(self, host: str, addresses: tuple[str, ...]) -> None:
        super().__init__(
            f"{host} has only addresses that are not on the open network ({', '.join(addresses)}); if it is yours, "
            'set "allow_private": True in its entry of DETENT["WEBHOOKS"].'
        )
        self.host = host
        self.addresses = addresses


class Target(NamedTuple):
    """Where a connection goes.

    Attributes:
        family: The address family, as `socket` has it.
        address: The address as text.
        port: The port.
    """

    family: socket.AddressFamily
    address: str
    port: int


def resolve(host: str, port: int, *, allow_private: bool) -> Target:
    """Look a host up and return an address to connect to.

    Args:
        host: A name or an IP literal.
        port: The port.
        allow_private: Whether an address may be private, of this machine, or of its link.

    Raises:
        ForbiddenAddress: None of its addresses may be connected to.
        OSError: It has no address.
    """
    found = [
        Target(family, str(place[0]), port)
        for family, *_, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    ]
    for target in found:
        if allow_private or is_open(target.address):
            return target
    raise ForbiddenAddress(host, tuple(dict.fromkeys(target.address for target in found)))


def is_open(address: str) -> bool:
    """Whether an address is one of the open network, also where it stands for another one.

    Args:
        address: An IP literal; a zone, as in `fe80::1%eth0`, is left out of account.
    """
    parsed = ipaddress.ip_address(address.partition("%")[0])
    return all(meant.is_global and not meant.is_multicast for meant in (parsed, *_stands_for(parsed)))


def _stands_for(address: Address) -> tuple[Address, ...]:
    if isinstance(address, ipaddress.IPv4Address):
        return ()
    translated = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in _TRANSLATED else None
    meant = (address.ipv4_mapped, address.sixtofour, *(address.teredo or ()), translated)
    return tuple(other for other in meant if other is not None)
