"""What Slack's answers mean: pure reading of words, statuses and lost connections."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast
from urllib.error import URLError

import yaml

from connectors.chat import Delivery, DeliveryStatus
from connectors.http import redact

EVENT_TYPE = "juzhen_message"
DEFAULT_RETRY_AFTER_S = 30.0
MAX_RETRY_AFTER_S = 3600.0

_NEVER_SENT = (ConnectionRefusedError, socket.gaierror, ssl.SSLCertVerificationError)


def judged(
    http_status: int, word: str, headers: Mapping[str, str], secrets: tuple[str, ...]
) -> Delivery:
    """Return what an answer other than success means: by its word, else by its HTTP status."""
    shown = redact(word, secrets)[:80]
    status, says = _error_words().get(word, (None, ""))
    if http_status == HTTPStatus.TOO_MANY_REQUESTS or status == "rate_limited":
        wait_s = _retry_after_s(headers)
        return Delivery(
            "rate_limited", detail=f"Slack 限速，{wait_s:g} 秒后重试", retry_after_s=wait_s
        )
    if status is not None:
        return Delivery(status, detail=f"Slack：{says}（{word}）")
    if http_status == HTTPStatus.SERVICE_UNAVAILABLE:
        return Delivery("failed", detail="Slack 暂时不可用（HTTP 503）")
    is_word = word.isascii() and word.replace("_", "").isalnum()
    if is_word and http_status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Delivery("refused", detail=f"Slack 拒绝，原因未知：{shown}（HTTP {http_status}）")
    if HTTPStatus.BAD_REQUEST <= http_status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Delivery("refused", detail=f"Slack 拒绝（HTTP {http_status}）")
    return Delivery("unknown", detail=f"Slack 应答无法识别（HTTP {http_status}），可能已经发出")


def lost(error: Exception, secrets: tuple[str, ...]) -> Delivery:
    """Return ``failed`` if the request certainly never left, else ``unknown``."""
    cause = error.reason if isinstance(error, URLError) else error
    name = type(cause).__name__
    if isinstance(cause, _NEVER_SENT):
        detail = redact(f"连不上 Slack（{name}：{cause}）", secrets)
        return Delivery("failed", detail=detail[:200])
    return Delivery("unknown", detail=f"发送后没有收到可读的应答（{name}），可能已经发出")


@cache
def _error_words() -> Mapping[str, tuple[DeliveryStatus, str]]:
    declared = cast(
        "dict[str, Any]",
        yaml.safe_load(Path(__file__).with_name("slack.yml").read_text(encoding="utf-8")),
    )
    statuses: tuple[DeliveryStatus, ...] = ("refused", "rate_limited", "failed", "unknown")
    return {word: (status, says) for status in statuses for word, says in declared[status].items()}


def _retry_after_s(headers: Mapping[str, str]) -> float:
    given = {name.lower(): value for name, value in headers.items()}.get("retry-after", "").strip()
    if not (given.isascii() and given.isdigit()):
        return DEFAULT_RETRY_AFTER_S
    return min(max(float(given), 1.0), MAX_RETRY_AFTER_S)


def reference_in(page: Mapping[str, object], dedupe_key: str) -> str | None:
    """Return the ``ts`` of the message in a page of history that carries *dedupe_key*."""
    messages = page.get("messages")
    for message in cast("list[object]", messages) if isinstance(messages, list) else []:
        metadata = as_object(as_object(message).get("metadata"))
        payload = as_object(metadata.get("event_payload"))
        if metadata.get("event_type") == EVENT_TYPE and payload.get("dedupe_key") == dedupe_key:
            return text_of(as_object(message), "ts")
    return None


def as_object(value: object) -> Mapping[str, object]:
    """Return *value* if it is a JSON object, else an empty one."""
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}


def text_of(content: Mapping[str, object], key: str) -> str | None:
    """Return the text under *key*, or None when there is none."""
    value = content.get(key)
    return value if isinstance(value, str) else None
