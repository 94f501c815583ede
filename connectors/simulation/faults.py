"""What can go wrong with a platform, switched on by name for an endpoint, an account, or everything.

Faults of the transport (``http_500``, ``truncated``, ``garbage``, ``empty_body``,
``dropped_after_accept``) strike after the platform has done its work: the caller cannot know.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Literal, get_args

from connectors.simulation.loopback import Reply

FaultKind = Literal[
    "token_expires_mid_run",  # 42001 although the client did nothing wrong
    "quota",  # 45009
    "busy",  # -1
    "delay",  # not ready although it is past the hour
    "ip_not_whitelisted",  # 40164 when a token is asked for
    "http_500",
    "truncated",  # the connection ends half-way through the body
    "garbage",  # HTTP 200 and something that is no JSON
    "slow",
    "empty_body",
    "bom",  # a byte-order mark before the JSON
    "rate_limited",  # HTTP 429 with Retry-After
    "not_granted",  # the platform has not granted the application this interface
    "string_numbers",  # every number of the JSON as text
    "dropped",  # the connection closes without a byte
    "dropped_after_accept",  # done, but the answer never arrives: the outcome is unknown
]
SLOW_S = 0.3


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault and where it strikes.

    Attributes:
        kind: what goes wrong.
        endpoint: last part of the path, for example ``getbizsummary``; None means any.
        account_id: whose calls; None means anybody's.
        after: how many matching calls pass unharmed first.
        times: how many calls are then spoiled; None means all of them.
    """

    kind: FaultKind
    endpoint: str | None = None
    account_id: str | None = None
    after: int = 0
    times: int | None = None

    def __post_init__(self) -> None:
        """Refuse a name that would silently never strike.

        Raises:
            ValueError: the kind is unknown.
        """
        if self.kind not in get_args(FaultKind):
            raise ValueError(f"no fault {self.kind!r}; known are {', '.join(get_args(FaultKind))}")


class FaultPlan:
    """The faults of one server, counted down as calls arrive; safe from several threads."""

    def __init__(self, faults: Iterable[Fault | FaultKind] = ()) -> None:
        """Take faults, or bare names for faults that always strike everywhere."""
        self._lock = Lock()
        self._faults: list[Fault] = []
        self.replace(faults)

    def replace(self, faults: Iterable[Fault | FaultKind]) -> None:
        """Forget the present faults and take these."""
        with self._lock:
            self._faults = [one if isinstance(one, Fault) else Fault(one) for one in faults]

    def strikes(self, kind: FaultKind, endpoint: str, account_id: str | None) -> bool:
        """Say whether a fault of *kind* strikes this call, and count the call."""
        with self._lock:
            for index, fault in enumerate(self._faults):
                if fault.kind == kind and _matches(fault, endpoint, account_id):
                    return self._count(index, fault)
        return False

    def _count(self, index: int, fault: Fault) -> bool:
        if fault.after > 0:
            self._faults[index] = replace(fault, after=fault.after - 1)
            return False
        if fault.times is None:
            return True
        if fault.times <= 1:
            del self._faults[index]
        else:
            self._faults[index] = replace(fault, times=fault.times - 1)
        return fault.times > 0

    def spoiled(self, reply: Reply, endpoint: str, account_id: str | None) -> Reply:
        """Return *reply*, or what the network or a proxy made of it."""
        if self.strikes("http_500", endpoint, account_id):
            page = b"<html><head><title>500</title></head><body>Internal Server Error</body></html>"
            return Reply(page, status=500, content_type="text/html")
        if self.strikes("truncated", endpoint, account_id):
            return replace(reply, sent_bytes=len(reply.body) // 2)
        if self.strikes("garbage", endpoint, account_id):
            return Reply(
                b"<html><body>\xe7\xbd\x91\xe5\x85\xb3</body></html>", content_type="text/html"
            )
        if self.strikes("slow", endpoint, account_id):
            return replace(reply, delay_s=SLOW_S)
        if self.strikes("dropped", endpoint, account_id):
            return replace(reply, is_dropped=True)
        return replace(reply, body=self._spoiled_body(reply.body, endpoint, account_id))

    def _spoiled_body(self, body: bytes, endpoint: str, account_id: str | None) -> bytes:
        if self.strikes("empty_body", endpoint, account_id):
            return b""
        if self.strikes("string_numbers", endpoint, account_id):
            return _with_text_numbers(body)
        if self.strikes("bom", endpoint, account_id):
            return b"\xef\xbb\xbf" + body
        return body


def _with_text_numbers(body: bytes) -> bytes:
    # A whole number the parser hands over as text becomes text in the answer.
    try:
        content: object = json.loads(body, parse_int=str, parse_float=str)
    except ValueError:
        return body
    return json.dumps(content, ensure_ascii=False).encode()


def _matches(fault: Fault, endpoint: str, account_id: str | None) -> bool:
    return fault.endpoint in (None, endpoint) and fault.account_id in (None, account_id)
