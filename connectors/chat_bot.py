"""What the group bots of WeCom, DingTalk and Feishu share: one POST, and reading what it came to.

Success is the platform's own code inside HTTP 200. None of the three can be asked later whether a
message arrived, so an answer that was lost stays *unknown* for a person.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import httpx
import yaml

from connectors.chat import Delivery, DeliveryStatus
from connectors.http import Reply, http_client, redact, send

DEFAULT_RETRY_AFTER_S = 60.0
MAX_RETRY_AFTER_S = 3600.0
MAX_ANSWER_BYTES = 64 * 1024
DOUBT = "（代码含义待核实）"


@dataclass(frozen=True, slots=True)
class Platform:
    """How one platform answers.

    Attributes:
        name: as operators call it.
        declared: file of its codes, beside this one.
        code_keys: where its code stands, the first that is there counts; 0 is success.
        word_key: where its own words stand.
    """

    name: str
    declared: str
    code_keys: tuple[str, ...]
    word_key: str


@dataclass(frozen=True, slots=True)
class Code:
    """What one error code means.

    Attributes:
        status: what became of the message.
        says: the meaning in Chinese.
        wait_s: how long a rate limit lasts.
        doubt: says 待核实 when no text of the platform was at hand for this code.
    """

    status: DeliveryStatus
    says: str
    wait_s: float = DEFAULT_RETRY_AFTER_S
    doubt: str = ""


class BotAddress:
    """The secret address of a group bot, split so that its query can be added to, encoded once."""

    def __init__(self, webhook_url: str, *, timeout_s: float, proxy_url: str | None) -> None:
        """Prepare; nothing is sent.

        Raises:
            ValueError: no http or https address; the text does not repeat it.
        """
        parts = urlsplit(webhook_url.strip())
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError("the bot's address is not an http or https address")
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.path = parts.path or "/"
        self.query = dict(parse_qsl(parts.query))
        self.secrets = tuple(filter(None, (webhook_url.strip(), parts.path, *self.query.values())))
        self._timeout_s = timeout_s
        limits = httpx.Limits(max_connections=8, max_keepalive_connections=0)
        self._client = http_client(
            self.origin, timeout_s=timeout_s, proxy_url=proxy_url, limits=limits
        )

    def post(self, body: Mapping[str, object], query: Mapping[str, str] | None = None) -> Reply:
        """Post *body* once."""
        return send(
            self._client,
            self.path,
            json=body,
            query=self.query | dict(query or {}),
            max_bytes=MAX_ANSWER_BYTES,
            exchange_timeout_s=2 * self._timeout_s,
        )


def judged(platform: Platform, reply: Reply, secrets: tuple[str, ...]) -> Delivery:
    """Return what became of a message by its *reply*."""
    if reply.is_unsent:
        return Delivery("failed", detail=f"连不上{platform.name}，消息没有发出")
    if reply.http_status == HTTPStatus.TOO_MANY_REQUESTS:
        return limited(platform, retry_after_s(reply.retry_after))
    answer = _object(reply.body)
    code = _code(platform, answer)
    if code is None or reply.http_status is None:
        return _unreadable(platform, reply)
    if code == 0 and reply.http_status == HTTPStatus.OK and reply.failure is None:
        return Delivery("delivered")
    return _by_code(platform, code, redact(str(answer.get(platform.word_key, "")), secrets)[:80])


def limited(platform: Platform, wait_s: float, doubt: str = "") -> Delivery:
    """Return that the platform wants fewer messages, for how long, and what is doubtful about it."""
    detail = f"{platform.name}限速，{wait_s:g} 秒后重试{doubt}"
    return Delivery("rate_limited", detail=detail, retry_after_s=wait_s)


def retry_after_s(given: str | None) -> float:
    """Return the seconds of a ``Retry-After`` header, bounded; it comes from outside."""
    text = (given or "").strip()
    if not (text.isascii() and text.isdigit()):
        return DEFAULT_RETRY_AFTER_S
    return min(max(float(text), 1.0), MAX_RETRY_AFTER_S)


def _by_code(platform: Platform, code: int, shown: str) -> Delivery:
    codes, limit_words = _codes(platform.declared)
    known = codes.get(code)
    if any(word in shown.lower() for word in limit_words):
        return limited(platform, DEFAULT_RETRY_AFTER_S)
    if known is None:
        detail = f"{platform.name}拒绝，原因未知：{shown}（{code}）"
        return Delivery("refused", detail=detail)
    if known.status == "rate_limited":
        return limited(platform, known.wait_s, known.doubt)
    detail = f"{platform.name}：{known.says}{known.doubt}（{code} {shown}）"
    return Delivery(known.status, detail=detail)


def _unreadable(platform: Platform, reply: Reply) -> Delivery:
    status = reply.http_status
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return Delivery("failed", detail=f"{platform.name}暂时不可用（HTTP 503）")
    if status is not None and HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Delivery("refused", detail=f"{platform.name}拒绝（HTTP {status}）")
    where = f"HTTP {status}" if status is not None else "没有应答"
    return Delivery("unknown", detail=f"{platform.name}的应答读不出来（{where}），可能已经发出")


def _code(platform: Platform, answer: Mapping[str, object]) -> int | None:
    for key in platform.code_keys:
        code = answer.get(key)
        if isinstance(code, int) and not isinstance(code, bool):
            return code
    return None


def _object(body: bytes) -> Mapping[str, object]:
    try:
        parsed: object = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return cast("Mapping[str, object]", parsed) if isinstance(parsed, dict) else {}


@cache
def _codes(declared: str) -> tuple[Mapping[int, Code], tuple[str, ...]]:
    text = Path(__file__).with_name(declared).read_text(encoding="utf-8")
    given = cast("dict[str, Any]", yaml.safe_load(text))
    statuses: tuple[DeliveryStatus, ...] = ("refused", "failed", "unknown")
    unverified = frozenset(given.get("unverified", ()))
    codes = {
        code: Code(status, says, doubt=DOUBT if code in unverified else "")
        for status in statuses
        for code, says in given.get(status, {}).items()
    }
    waits = {
        code: Code("rate_limited", "", float(wait_s), DOUBT if code in unverified else "")
        for code, wait_s in given["rate_limited"].items()
    }
    return codes | waits, tuple(given.get("rate_words", ()))
