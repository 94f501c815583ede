"""A fake group bot on loopback: what WeCom, DingTalk and Feishu have in common.

It checks address and signature, holds senders to the rate the platform allows, refuses with a code in
HTTP 200, and can lose its answer after taking the message (the fault ``dropped_after_accept``).
"""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from pathlib import Path
from threading import Lock
from typing import ClassVar, cast

from connectors.simulation.faults import Fault, FaultKind, FaultPlan
from connectors.simulation.loopback import LoopbackServer, Reply, Request

Body = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Taken:
    """One message as the group would see it.

    ``called`` are the ids and numbers called, ``links`` what a reader could open.
    """

    title: str
    text: str
    called: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


class BotServer(LoopbackServer):
    """Takes messages for one group.

    Attributes:
        success: the answer to a message that was taken.
        too_fast: the answer beyond the rate.
        paces: most messages, and within how many seconds.
        blocked_s: how long a sender beyond the rate gets nothing through.
        now: the instant against which signatures are checked, aware.
        faults: as of ``SlackServer``.
        messages: everything taken, in order.
    """

    success: ClassVar[Body]
    too_fast: ClassVar[Body]
    paces: ClassVar[tuple[tuple[int, float], ...]]
    blocked_s: ClassVar[float] = 0.0

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        faults: Iterable[Fault | FaultKind] = (),
        rate_clock: Callable[[], float] | None = None,
    ) -> None:
        """Prepare; with *rate_clock*, seconds that only grow, senders are held to the rate."""
        super().__init__()
        self.now = now
        self.faults = FaultPlan(faults)
        self.messages: list[Taken] = []
        self._rate_clock = rate_clock
        self._arrivals_s: list[float] = []
        self._blocked_until_s = 0.0
        self._lock = Lock()

    @property
    @abstractmethod
    def webhook_url(self) -> str:
        """The secret address of the bot."""

    @abstractmethod
    def refusal(self, request: Request, body: Body) -> Body | None:
        """Return the answer that refuses a request by address, signature or content, or None."""

    @abstractmethod
    def taken(self, body: Body) -> Taken:
        """Return the message of a request that was not refused."""

    def answer(self, request: Request) -> Reply:
        """Answer one request, then let the faults spoil the answer."""
        if self.faults.strikes("rate_limited", "bot", None):
            return Reply(b"{}", status=429, headers={"Retry-After": "1"})
        reply = json_reply(self._answered(request))
        if self.faults.strikes("dropped_after_accept", "bot", None):
            return replace(reply, is_dropped=True)
        return self.faults.spoiled(reply, "bot", None)

    def write_transcript(self, path: Path, title: str) -> None:
        """Write everything taken as one HTML page; all text is escaped."""
        parts = [f"<h1>{escape(title)}</h1>"]
        for one in self.messages:
            called = "、".join(one.called)
            parts.append(
                f"<article><h3>{escape(one.title)}</h3><pre>{escape(one.text)}</pre>"
                f"<p>提醒：{escape(called)}　链接：{escape('　'.join(one.links))}</p></article>"
            )
        page = "<!doctype html><meta charset=utf-8>" + "\n".join(parts)
        path.write_text(page, encoding="utf-8")

    def _answered(self, request: Request) -> Body:
        body = _object(request.body)
        refused = self.refusal(request, body)
        if refused is not None:
            return refused
        with self._lock:
            if self._is_too_fast():
                return self.too_fast
            self.messages.append(self.taken(body))
        return self.success

    def _is_too_fast(self) -> bool:
        if self._rate_clock is None:
            return False
        now_s = self._rate_clock()
        if now_s < self._blocked_until_s:
            return True
        for count, seconds in self.paces:
            if sum(now_s - one < seconds for one in self._arrivals_s) >= count:
                self._blocked_until_s = now_s + self.blocked_s
                return True
        self._arrivals_s.append(now_s)
        return False


def json_reply(body: Body) -> Reply:
    """Return an answer of the platform: HTTP 200 whatever the code says."""
    return Reply(json.dumps(body, ensure_ascii=False).encode())


def at(body: object, *keys: str) -> object:
    """Return what stands under *keys*, one inside the other; None when there is nothing."""
    found = body
    for key in keys:
        found = cast("Mapping[str, object]", found).get(key) if isinstance(found, dict) else None
    return found


def texts(value: object) -> tuple[str, ...]:
    """Return the texts of a list; nothing for anything else."""
    if not isinstance(value, list):
        return ()
    return tuple(one for one in cast("list[object]", value) if isinstance(one, str))


def _object(body: bytes) -> Body:
    try:
        parsed: object = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return cast("Body", parsed) if isinstance(parsed, dict) else {}
