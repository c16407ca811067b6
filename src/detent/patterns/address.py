"""IP addresses written as text: which strings are one, and conditions on them."""

# ruff: noqa: D102  (what a method says here is said by the class it comes from and by this class)

import ipaddress
import re
from dataclasses import dataclass
from typing import NamedTuple

from detent.patterns.conditions import Scalar, ValueCondition

_DOTTED_QUAD = re.compile(r"0*([0-9]{1,3})\.0*([0-9]{1,3})\.0*([0-9]{1,3})\.0*([0-9]{1,3})")
_HEX_AND_COLONS = re.compile(r"[0-9a-fA-F:]{2,39}")


class Address(NamedTuple):
    """An IP address, whatever its spelling."""

    bits: int
    number: int


class Block(NamedTuple):
    """The addresses that share their leading bits."""

    bits: int
    host_bits: int
    network: int

    def holds(self, address: Address) -> bool:
        return address.bits == self.bits and address.number >> self.host_bits == self.network


def parse_address(text: str) -> Address | None:
    """Read an IP literal.

    Args:
        text: A dotted quad of decimal numbers up to 255, leading zeros ignored, or a hex-colon IPv6 address without
            zone and embedded IPv4.

    Returns:
        The address, or None if the text is not an IP literal.
    """
    if text.count(".") == 3 and (quad := _DOTTED_QUAD.fullmatch(text)):
        return _parse_version_4(*map(int, quad.groups()))
    if ":" in text and _HEX_AND_COLONS.fullmatch(text):
        return _parse_version_6(text)
    return None


def parse_block(text: str) -> Block | None:
    """Read an address block in CIDR notation; host bits are ignored.

    Args:
        text: An IP literal, "/" and the number of leading bits, as in "10.0.0.0/8".

    Returns:
        The block, or None if the text is not one.
    """
    literal, _, length = text.partition("/")
    address = parse_address(literal)
    if address is None or not re.fullmatch(r"0*[0-9]{1,3}", length) or int(length[-3:]) > address.bits:
        return None
    host_bits = address.bits - int(length[-3:])
    return Block(address.bits, host_bits, address.number >> host_bits)


@dataclass(frozen=True, slots=True)
class SameAddress(ValueCondition):
    """A string that is an IP literal: the field holds that address, in any spelling."""

    argument: str
    address: Address

    def met_by(self, value: Scalar) -> bool:
        return isinstance(value, str) and (value == self.argument or parse_address(value) == self.address)

    def as_json(self) -> str:
        return self.argument


@dataclass(frozen=True, slots=True)
class Cidr(ValueCondition):
    """`{"cidr": "addr/bits"}`: an IP literal inside the block."""

    operator = "cidr"
    argument: str
    block: Block

    def met_by(self, value: Scalar) -> bool:
        address = parse_address(value) if isinstance(value, str) else None
        return address is not None and self.block.holds(address)


def _parse_version_4(first: int, second: int, third: int, last: int) -> Address | None:
    if max(first, second, third, last) > 255:
        return None
    return Address(32, first << 24 | second << 16 | third << 8 | last)


def _parse_version_6(text: str) -> Address | None:
    try:
        return Address(128, int(ipaddress.IPv6Address(text)))
    except ipaddress.AddressValueError:
        return None
