"""Which addresses may be reached for somebody else's word: public ones, checked at the look-up that is used.

A capturing browser and an office's own interface ask here. Checking first and connecting by name
afterwards would be no check: a name may answer differently the second time.
"""

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
    """A host that must not be reached; the sentence says which and why."""


class UnknownHostError(RefusedAddressError):
    """A name that has no address now; another look-up may find one."""


@dataclass(frozen=True)
class Reach:
    """Where a connection may go.

    Attributes:
        look_up: host and port -> the addresses of one look-up.
        allowed: addresses let through although they are not public; for tests on loopback.
        ports: ports of web servers; anything else is a way to speak another protocol. None is any.
        private_hosts: hosts that a person has named as lying in a private network.
    """

    look_up: LookUp
    allowed: frozenset[str] = frozenset()
    ports: frozenset[int] | None = WEB_PORTS
    private_hosts: frozenset[str] = frozenset()

    def resolve(self, host: str, port: int) -> str:
        """Return the address to connect to; the caller connects to it and looks nothing up again.

        Raises:
            RefusedAddressError: a port of no web server, an unknown name, or any address of the name that
                is not public: a name with one private address is a trap.
        """
        if self.ports is not None and port not in self.ports and not self.allowed:
            raise RefusedAddressError(f"{host}:{port} 不是网页端口")
        found = self._found(host, port)
        inside = [text for text in found if not self._may_reach(host, text)]
        if inside:
            raise RefusedAddressError(f"{host} 指向内部地址 {'、'.join(inside)}")
        return found[0]

    def _found(self, host: str, port: int) -> list[str]:
        try:
            found = list(dict.fromkeys(self.look_up(host, port)))
        except (OSError, UnicodeError) as error:
            raise UnknownHostError(f"找不到主机 {host}") from error
        if not found:
            raise UnknownHostError(f"主机 {host} 没有地址")
        return found

    def _may_reach(self, host: str, text: str) -> bool:
        is_named = host in self.private_hosts or text in self.allowed
        return is_named or is_public(ip_address(text))


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
