"""What one reply of a declared source means: pure reading, no network and no transformation.

Platforms answer HTTP 200 for nearly everything, so the body decides. A reply is a value only when
every row can be understood; otherwise the verdict says which row is wrong, and the body is archived
all the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from http import HTTPStatus
from typing import cast

from connectors.declaration import Declaration, Endpoint, NextStep
from connectors.http import Reply
from connectors.outcome import FetchStatus
from connectors.rows import (
    Row,
    UnintelligibleReplyError,
    checked_row,
    days_without_row,
    quoted,
    value_at,
    whole_number,
)
from connectors.windows import SHANGHAI, Window


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one call, and what it means for the calls behind it."""

    status: FetchStatus
    next_step: NextStep = "go_on"
    message: str | None = None
    platform_code: str | None = None
    rows: tuple[Row, ...] = ()
    content: object = None


def body_text(body: bytes) -> str:
    """Return the body for the archive: UTF-8 without a byte order mark, stray bytes escaped."""
    return body.decode("utf-8-sig", errors="backslashreplace")


def judge(
    declaration: Declaration, endpoint: Endpoint, window: Window, reply: Reply, now: datetime
) -> Verdict:
    """Return what *reply* means for *endpoint* asked about *window* at the aware instant *now*."""
    if reply.failure is not None:
        return _failed(declaration, reply)
    try:
        content = parse_json(reply.body)
        refusal = platform_refusal(declaration, content)
        return refusal or _rows_verdict(endpoint, window, content, now)
    except UnintelligibleReplyError as error:
        return Verdict("failed", message=f"{endpoint.name}：{error}")


def _failed(declaration: Declaration, reply: Reply) -> Verdict:
    """Return what a failed exchange means: some platforms put their code into an HTTP 400 or 403."""
    plain = Verdict("failed", "retry" if reply.is_retryable else "go_on", reply.failure)
    if reply.http_status in (None, HTTPStatus.OK) or not reply.body:
        return plain
    try:
        return platform_refusal(declaration, parse_json(reply.body)) or plain
    except UnintelligibleReplyError:
        return plain


def parse_json(body: bytes) -> object:
    """Return the JSON object or list in *body*.

    Raises:
        UnintelligibleReplyError: empty, not UTF-8, not JSON, or neither object nor list.
    """
    if not body.strip():
        raise UnintelligibleReplyError("应答为空")
    try:
        content: object = json.loads(body.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise UnintelligibleReplyError("应答不是 UTF-8 文本，原文已存档") from error
    except (ValueError, RecursionError) as error:
        start = body_text(body[:60])
        raise UnintelligibleReplyError(f"应答不是 JSON（开头为 {start!r}），原文已存档") from error
    if not isinstance(content, (dict, list)):
        raise UnintelligibleReplyError("应答是 JSON 但不是对象或列表，原文已存档")
    return cast("object", content)


def platform_refusal(declaration: Declaration, content: object) -> Verdict | None:
    """Return how the platform's code is taken, or None when there is none or it means success.

    Raises:
        UnintelligibleReplyError: the code is no code, or the one that must be there is missing.
    """
    envelope = declaration.envelope
    given = [value_at(content, path) for path in envelope.codes]
    codes = [
        _code(path, value)
        for path, value in zip(envelope.codes, given, strict=True)
        if value is not None
    ]
    if envelope.is_code_required and not codes:
        raise UnintelligibleReplyError(f"缺少 {'、'.join(envelope.codes)}，原文已存档")
    code = next((one for one in codes if one not in envelope.ok), None)
    if code is None:
        return None
    texts = [value_at(content, path) for path in envelope.texts]
    text = next((one[:200] for one in texts if isinstance(one, str) and one), "")
    known = declaration.error(code)
    if known is None:
        message = f"未知错误码 {code}（{text}）；请对照平台文档后补入接口声明"
        return Verdict("failed", "go_on", message, code)
    return Verdict(known.status, known.next_step, f"{known.meaning}（{code} {text}）", code)


def _code(path: str, value: object) -> str:
    number = whole_number(value)
    if number is None:
        raise UnintelligibleReplyError(f"{path} 不是数字：{quoted(value)}")
    return str(number)


def read_token(declaration: Declaration, reply: Reply) -> tuple[dict[str, str], Verdict]:
    """Return the secrets in *reply* and the verdict beside them.

    ``access_token`` is always among them, or there are none. Of those that the declaration renews
    a platform may leave out the ones that stay as they were.
    """
    if reply.failure is not None:
        return {}, _failed(declaration, reply)
    try:
        content = parse_json(reply.body)
        refusal = platform_refusal(declaration, content)
    except UnintelligibleReplyError as error:
        return {}, Verdict("failed", message=str(error))
    if refusal is not None:
        return {}, refusal
    how = declaration.token
    places = {**(how.renews if how else {}), "access_token": how.token_path if how else ""}
    found = {name: value_at(content, path) for name, path in places.items()}
    secrets = {name: value for name, value in found.items() if isinstance(value, str) and value}
    if "access_token" not in secrets:
        return {}, Verdict("failed", message="应答中没有 access_token")
    unsendable = [name for name, secret in secrets.items() if not is_sendable(secret)]
    if unsendable:
        what = f"应答中的 {'、'.join(unsendable)} 含有不能使用的字符"
        return {}, Verdict("failed", message=what)
    return secrets, Verdict("value")


def is_sendable(token: str) -> bool:
    """Whether a token can stand in an address or a header: no half, no control characters."""
    return token.isascii() and token.isprintable()


def _rows_verdict(endpoint: Endpoint, window: Window, content: object, now: datetime) -> Verdict:
    if endpoint.late_path and value_at(content, endpoint.late_path) in (True, 1, "true", "1"):
        return Verdict("not_ready", message=f"平台标明数据延迟（{endpoint.late_path}），稍后再取")
    rows = _rows(endpoint, content)
    if not rows:
        return _empty_verdict(endpoint, window, now, content)
    notes: set[str] = set()
    checked = tuple(
        checked_row(endpoint, window, number, row, notes) for number, row in enumerate(rows, 1)
    )
    missing = days_without_row(endpoint, window, checked)
    if missing:
        notes.add(f"无数据的日期：{'、'.join(missing)}")
    message = "；".join(sorted(notes)) or None
    return Verdict("value", message=message, rows=checked, content=content)


def _rows(endpoint: Endpoint, content: object) -> list[object]:
    """Return the rows; a single object where the rows should be is the only row."""
    if endpoint.rows_path and not isinstance(content, Mapping):
        raise UnintelligibleReplyError("应答是 JSON 但不是对象，原文已存档")
    found: object = cast("object", content)
    if endpoint.rows_path:
        found = value_at(found, endpoint.rows_path)
    if isinstance(found, list):
        return cast("list[object]", found)
    is_single = endpoint.asks in ("now", "items") and isinstance(found, Mapping)
    if is_single:
        return [cast("object", found)]
    raise UnintelligibleReplyError(f"缺少列表 {endpoint.rows_path or '（应答本身）'}，原文已存档")


def _empty_verdict(endpoint: Endpoint, window: Window, now: datetime, content: object) -> Verdict:
    if endpoint.day_key is None:
        return Verdict("absent", message="列表为空", content=content)
    final_at = datetime.combine(
        window.end_on + timedelta(days=1), time(endpoint.empty_is_final_hour), SHANGHAI
    )
    if now < final_at:
        return Verdict("not_ready", message="列表为空且未到中午，平台可能尚未算出，稍后再取")
    return Verdict("absent", message="平台确认没有数据（不等于零）")


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")
