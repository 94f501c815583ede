"""Which addresses a capture may reach: public ones, checked at the look-up that is then used."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

Address = IPv4Address | IPv6Address
LookUp = Callable[[str, int], Sequence[str]]
WEB_PORTS: Final = frozenset({80, 443, 8080, 8443})
# An IPv6 address that carries an IPv4 one leads where that one leads (RFC 6052, RFC 4380).
TRANSLATED: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))


class RefusedAddressError(ValueError):
    """A host that a capture must not reach; the sentence says which and why."""


@dataclass(frozen=True)
class Reach:
    """Where a capture may go.

    Attributes:
        look_up: host and port -> the addresses of one look-up.
        allowed: addresses let through although they are not public; for tests on loopback.
        ports: ports of web servers; anything else is a way to speak another protocol.
    """

    look_up: LookUp
    allowed: frozenset[str] = frozenset()
    ports: frozenset[int] = WEB_PORTS

    def resolve(self, host: str, port: int) -> str:
        """Return the address to connect to; the caller connects to it and looks nothing up again.

        Raises:
            RefusedAddressError: a port of no web server, an unknown name, or any address of the name that
                is not public: a name with one private address is a trap.
        """
        if port not in self.ports and not self.allowed:
            raise RefusedAddressError(f"{host}:{port} 不是网页端口")
        try:
            found = list(dict.fromkeys(self.look_up(host, port)))
        except OSError as error:
            raise RefusedAddressError(f"找不到主机 {host}") from error
        if not found:
            raise RefusedAddressError(f"主机 {host} 没有地址")
        for text in found:
            if text not in self.allowed and not is_public(ip_address(text)):
                raise RefusedAddressError(f"{host} 指向内部地址 {text}")
        return found[0]


def is_public(address: Address) -> bool:
    """Whether *address* is one of the public internet, whatever it is wrapped in."""
    if isinstance(address, IPv6Address):
        inner = _inner(address)
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


def _inner(address: IPv6Address) -> IPv4Address | None:
    if any(address in network for network in TRANSLATED):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    return address.teredo[1] if address.teredo else None


def system_look_up(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver once; a zone index is dropped, for it names a local interface."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]).split("%", 1)[0] for entry in found]
