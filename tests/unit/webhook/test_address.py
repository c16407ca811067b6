"""Where a webhook may go."""

import ipaddress
import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detent.trigger.webhook.address import ForbiddenAddress, is_open, resolve


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0"),
        *("224.0.0.1", "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1"),
        # Those that stand for another one.
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::"),
        "2002:a9fe:a9fe::",
    ],
)
def test_an_address_beside_the_open_network_is_not_open(address: str) -> None:
    assert not is_open(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "64:ff9b::808:808"])
def test_an_address_of_the_open_network_is(address: str) -> None:
    assert is_open(address)


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_no_more_open_than_the_one_it_stands_for(address: ipaddress.IPv4Address) -> None:
    assert not is_open(f"::ffff:{address}") or is_open(str(address))


def resolving_to(*addresses: str) -> Any:
    def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    return getaddrinfo


def test_of_a_name_with_both_kinds_of_addresses_an_open_one_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolving_to("10.0.0.1", "8.8.8.8"))
    assert resolve("example.com", 443, allow_private=False).address == "8.8.8.8"


def test_a_name_that_leads_inside_only_is_refused_with_its_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolving_to("10.0.0.1", "127.0.0.1"))
    with pytest.raises(ForbiddenAddress, match="allow_private") as refused:
        resolve("inside.example.com", 443, allow_private=False)
    assert (refused.value.host, refused.value.addresses) == ("inside.example.com", ("10.0.0.1", "127.0.0.1"))


def test_an_endpoint_that_is_ones_own_may_be_inside() -> None:
    assert resolve("127.0.0.1", 8080, allow_private=True).port == 8080
