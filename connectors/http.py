"""The only way a connector speaks HTTP: bounded in time, size and attempts, and silent about secrets.

``send`` never raises for what a server or a network does: it returns a ``Reply`` whose ``failure``
is a sentence. Waiting between attempts happens in ``repeated`` and nowhere else.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Literal, TypeVar

import httpx

from connectors.addresses import Reach, RefusedAddressError
from connectors.pinned import PinnedTransport

USER_AGENT = "juzhen/0.1 (government new-media statistics; own accounts only)"
MAX_RESPONSE_BYTES = 16 * 1024 * 1024
MOST_CONNECTIONS = httpx.Limits(max_connections=8)

_SECRET_PARAMETER = re.compile(
    r"(?i)\b(access_token|refresh_token|app_?secret|client_secret|secret|token|key|sign)"
    r"(\"?\s*[=:]\s*\"?)([^\s&\"'<>,;)}]+)"
)
_SECRET_SHAPE = re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+|hooks\.slack\.com/[\w/-]+")


def redact(text: str, secrets: Sequence[str] = ()) -> str:
    """Return *text* without secret parameters, tokens of known shape and the *secrets* given."""
    text = without_secrets(text, secrets)
    text = _SECRET_SHAPE.sub("[redacted]", text)
    return _SECRET_PARAMETER.sub(r"\1\2[redacted]", text)


def without_secrets(text: str, secrets: Sequence[str]) -> str:
    """Return *text* with each of the *secrets* replaced; nothing else changes."""
    for secret in filter(None, secrets):
        text = text.replace(secret, "[redacted]")
    return text


class _RedactingFilter(logging.Filter):
    """httpx logs every request with its whole URL; platforms want the token in the URL."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        return True


_REDACTING_FILTER = _RedactingFilter()


def http_client(
    base_url: str,
    *,
    timeout_s: float = 20.0,
    proxy_url: str | None = None,
    user_agent: str = USER_AGENT,
    limits: httpx.Limits = MOST_CONNECTIONS,
    reach: Reach | None = None,
) -> httpx.Client:
    """Return a client for one platform; close it or use it as a context manager.

    Redirects are not followed and the environment (``HTTPS_PROXY``, ``.netrc``) is not read:
    a statistics interface never redirects, and settings arrive as values. ``timeout_s`` bounds
    connecting, and each single read and write; ``send`` bounds the whole exchange. With ``limits``
    that keep no connection none is used twice: on one that the server has closed meanwhile nobody
    can tell whether a request arrived. With ``reach`` every request goes to an address that it has judged.
    """
    # addFilter ignores a filter that is already there, so every client may ask for it.
    logging.getLogger("httpx").addFilter(_REDACTING_FILTER)
    return httpx.Client(
        base_url=base_url,
        timeout=httpx.Timeout(timeout_s),
        headers={"User-Agent": user_agent, "Accept": "application/json"},
        limits=limits,
        proxy=proxy_url,
        transport=PinnedTransport(reach, limits) if reach else None,
        follow_redirects=False,
        trust_env=False,
    )


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: a status and the bytes, or the sentence that says why nothing did.

    ``is_retryable`` is true for what another attempt may heal: a reply lost or broken on its way,
    HTTP 429, HTTP 5xx. ``is_unsent`` is true when the request certainly never reached the server.
    ``retry_after`` is that header as it came.
    """

    http_status: int | None
    body: bytes
    failure: str | None = None
    is_retryable: bool = False
    is_unsent: bool = False
    retry_after: str | None = None


_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


@dataclass(frozen=True, slots=True)
class Request:
    """One request; *path* is the only part of the address that error texts repeat."""

    method: Literal["GET", "POST"]
    path: str
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    json: Mapping[str, object] | None = None
    form: Mapping[str, str] | None = None


def send(
    client: httpx.Client,
    path: str,
    *,
    json: Mapping[str, object],
    query: Mapping[str, str] | None = None,
    max_bytes: int = MAX_RESPONSE_BYTES,
    exchange_timeout_s: float = 60.0,
) -> Reply:
    """POST *json* to *path*; as ``exchange``."""
    request = Request("POST", path, query=dict(query or {}), json=json)
    return exchange(client, request, max_bytes=max_bytes, exchange_timeout_s=exchange_timeout_s)


def exchange(
    client: httpx.Client,
    request: Request,
    *,
    max_bytes: int = MAX_RESPONSE_BYTES,
    exchange_timeout_s: float = 60.0,
) -> Reply:
    """Send *request* and return the reply, or why there is none.

    Args:
        client: from ``http_client``.
        request: its query, headers and body may be secret and never appear in ``failure``.
        max_bytes: a longer (decompressed) body is cut off and reported.
        exchange_timeout_s: limit for the whole body, against a server that drips.
    """
    received = bytearray()
    http_status, is_unsent, retry_after = None, False, None
    path = request.path
    try:
        with _opened(client, request) as response:
            http_status = response.status_code
            retry_after = response.headers.get("Retry-After")
            failure = _read_bounded(response, received, max_bytes, exchange_timeout_s)
    except httpx.TimeoutException as error:
        failure, is_unsent = f"{client.timeout.read:g} 秒内没有应答", isinstance(error, _UNSENT)
    except httpx.TransportError as error:
        failure = f"连接失败（{type(error).__name__}：{redact(str(error))}）"
        is_unsent = isinstance(error, _UNSENT)
    except httpx.DecodingError as error:
        failure = f"应答的压缩格式损坏（{type(error).__name__}）"
    except RefusedAddressError as error:
        return Reply(None, b"", f"{path}：{error}，已拒绝访问", is_unsent=True)
    if failure is None and http_status is not None:
        return _judged(path, http_status, bytes(received), retry_after)
    is_too_long = len(received) >= max_bytes  # it would be too long the next time as well
    return Reply(http_status, bytes(received), f"{path}：{failure}", not is_too_long, is_unsent)


def _opened(client: httpx.Client, request: Request) -> AbstractContextManager[httpx.Response]:
    return client.stream(
        request.method,
        request.path,
        params=dict(request.query) or None,
        headers=dict(request.headers),
        json=None if request.json is None else dict(request.json),
        data=None if request.form is None else dict(request.form),
    )


def _read_bounded(
    response: httpx.Response, received: bytearray, max_bytes: int, exchange_timeout_s: float
) -> str | None:
    """Append the body to *received*; return why reading stopped early, or None."""
    give_up_at = time.monotonic() + exchange_timeout_s
    for chunk in response.iter_bytes():
        received += chunk
        if len(received) > max_bytes:
            del received[max_bytes:]
            return f"应答超过 {max_bytes} 字节，已停止读取"
        if time.monotonic() > give_up_at:
            return f"{exchange_timeout_s:g} 秒内应答没有传完"
    return None


def _judged(path: str, http_status: int, body: bytes, retry_after: str | None) -> Reply:
    if http_status == HTTPStatus.OK:
        return Reply(http_status, body)
    is_retryable = http_status == HTTPStatus.TOO_MANY_REQUESTS or http_status >= 500
    failure = f"{path}：服务器返回 HTTP {http_status}"
    return Reply(http_status, body, failure, is_retryable, retry_after=retry_after)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how patiently: one attempt more than there are ``waits_s``, in seconds."""

    waits_s: tuple[float, ...] = (1.0, 5.0, 15.0)
    sleep: Callable[[float], None] = time.sleep


Result = TypeVar("Result")


def repeated(
    attempt: Callable[[], Result], is_worth_repeating: Callable[[Result], bool], policy: RetryPolicy
) -> Result:
    """Return the first result of *attempt* not worth repeating, or the last one allowed."""
    result = attempt()
    for wait_s in policy.waits_s:
        if not is_worth_repeating(result):
            break
        policy.sleep(wait_s)
        result = attempt()
    return result
