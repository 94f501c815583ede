"""What one reply of the WeChat interface means: pure reading, no network and no transformation.

HTTP is 200 for everything, so the body decides. A reply is a value only when every row can be
understood; otherwise the verdict says which row is wrong, and the body is archived all the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import cast

from connectors.http import Reply
from connectors.outcome import FetchStatus
from connectors.wechat_endpoints import SHANGHAI, Endpoint, NextStep, Window, load_errors

# Figures of the day before may still arrive in the morning: until noon an empty list is not final.
EMPTY_IS_FINAL_AT = time(12, 0)

Row = dict[str, object]


class UnintelligibleReplyError(ValueError):
    """The body is not what the protocol promises; the sentence says where and how."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one call, and what it means for the calls behind it."""

    status: FetchStatus
    next_step: NextStep = "go_on"
    message: str | None = None
    platform_code: str | None = None
    rows: tuple[Row, ...] = ()
    total_count: int | None = None


def body_text(body: bytes) -> str:
    """Return the body for the archive: UTF-8 without a byte order mark, stray bytes escaped."""
    return body.decode("utf-8-sig", errors="backslashreplace")


def judge(endpoint: Endpoint, window: Window, reply: Reply, now: datetime) -> Verdict:
    """Return what *reply* means for *endpoint* asked about *window* at the aware instant *now*."""
    if reply.failure is not None:
        return Verdict("failed", "retry" if reply.is_retryable else "go_on", reply.failure)
    try:
        content = parse_object(reply.body)
        refusal = platform_refusal(content)
        return refusal or _rows_verdict(endpoint, window, content, now)
    except UnintelligibleReplyError as error:
        return Verdict("failed", message=f"{endpoint.name}：{error}")


def parse_object(body: bytes) -> Row:
    """Return the JSON object in *body*.

    Raises:
        UnintelligibleReplyError: empty, not UTF-8, not JSON, or not an object.
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
    if not isinstance(content, dict):
        raise UnintelligibleReplyError("应答是 JSON 但不是对象，原文已存档")
    return cast("Row", content)


def platform_refusal(content: Row) -> Verdict | None:
    """Return how the platform's ``errcode`` is taken, or None when there is none or it is 0.

    Raises:
        UnintelligibleReplyError: the code is not a number.
    """
    raw_code = content.get("errcode", 0)
    code = _whole_number(raw_code)
    if code is None:
        raise UnintelligibleReplyError(f"errcode 不是数字：{_quoted(raw_code)}")
    if code == 0:
        return None
    given = content.get("errmsg")
    text = given[:200] if isinstance(given, str) else ""
    known = load_errors().get(code)
    if known is None:
        message = f"未知错误码 {code}（{text}）；请对照平台文档后补入 wechat.yml"
        return Verdict("failed", "go_on", message, str(code))
    return Verdict(known.status, known.next_step, f"{known.meaning}（{code} {text}）", str(code))


def read_token(reply: Reply) -> tuple[str, Verdict]:
    """Return the access token in *reply* (empty when there is none) and the verdict beside it."""
    if reply.failure is not None:
        return "", Verdict("failed", "retry" if reply.is_retryable else "go_on", reply.failure)
    try:
        content = parse_object(reply.body)
        refusal = platform_refusal(content)
    except UnintelligibleReplyError as error:
        return "", Verdict("failed", message=str(error))
    if refusal is not None:
        return "", refusal
    token = content.get("access_token")
    if not isinstance(token, str) or not token:
        return "", Verdict("failed", message="应答中没有 access_token")
    if not (token.isascii() and token.isprintable()):
        # It goes into an address, which holds no half characters and no control characters.
        return "", Verdict("failed", message="应答中的 access_token 含有不能使用的字符")
    return token, Verdict("value")


def _rows_verdict(endpoint: Endpoint, window: Window, content: Row, now: datetime) -> Verdict:
    if content.get("is_delay", False) in (True, 1, "true", "1"):
        return Verdict("not_ready", message="平台标明数据延迟（is_delay），稍后再取")
    rows = content.get(endpoint.rows_key)
    if not isinstance(rows, list):
        raise UnintelligibleReplyError(f"缺少列表 {endpoint.rows_key}，原文已存档")
    rows = cast("list[object]", rows)
    total_count = _whole_number(content.get("total_count"))
    if not rows:
        return _empty_verdict(endpoint, window, now)
    notes: set[str] = set()
    checked = tuple(
        _checked_row(endpoint, window, number, row, notes) for number, row in enumerate(rows, 1)
    )
    missing = _days_without_row(endpoint, window, checked)
    if missing:
        notes.add(f"无数据的日期：{'、'.join(missing)}")
    message = "；".join(sorted(notes)) or None
    return Verdict("value", message=message, rows=checked, total_count=total_count)


def _empty_verdict(endpoint: Endpoint, window: Window, now: datetime) -> Verdict:
    if endpoint.day_key is None:
        return Verdict("absent", message="列表为空")
    final_at = datetime.combine(window.end_on + timedelta(days=1), EMPTY_IS_FINAL_AT, SHANGHAI)
    if now < final_at:
        return Verdict("not_ready", message="列表为空且未到中午，平台可能尚未算出，稍后再取")
    return Verdict("absent", message="平台确认没有数据（不等于零）")


def _checked_row(
    endpoint: Endpoint, window: Window, number: int, row: object, notes: set[str]
) -> Row:
    """Return *row* unchanged, or raise with the row's number and the key that is wrong."""
    if not isinstance(row, dict):
        raise UnintelligibleReplyError(f"第 {number} 行不是对象")
    row = cast("Row", row)
    absent = [key for key in endpoint.required if key not in row]
    if absent:
        raise UnintelligibleReplyError(f"第 {number} 行缺少 {'、'.join(absent)}")
    if endpoint.day_key is not None:
        day = _day(row[endpoint.day_key])
        if day is None or not window.begin_on <= day <= window.end_on:
            raise UnintelligibleReplyError(
                f"第 {number} 行的 {endpoint.day_key} 不在所问日期内：{_quoted(row[endpoint.day_key])}"
            )
    for path in endpoint.metrics:
        for value in _values_at(row, path.split(".")):
            _check_number(number, path, value, notes)
    return row


def _values_at(value: object, keys: list[str]) -> Iterator[object]:
    """Yield every value found under a path such as ``detail_list[].read_user``; absent is silent."""
    if not keys:
        yield value
        return
    key, is_list = keys[0].removesuffix("[]"), keys[0].endswith("[]")
    if not isinstance(value, dict) or key not in value:
        return
    child = cast("Row", value)[key]
    children = cast("list[object]", child) if is_list and isinstance(child, list) else [child]
    for one in children:
        yield from _values_at(one, keys[1:])


def _check_number(number: int, path: str, value: object, notes: set[str]) -> None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return
    if value is None:
        notes.add(f"{path} 有空值，按缺失处理")
        return
    if isinstance(value, str) and _whole_number(value) is not None:
        notes.add(f"{path} 的数字以文本给出")
        return
    raise UnintelligibleReplyError(f"第 {number} 行的 {path} 不是数字：{_quoted(value)}")


def _days_without_row(endpoint: Endpoint, window: Window, rows: tuple[Row, ...]) -> list[str]:
    if endpoint.day_key is None:
        return []
    present = {_day(row[endpoint.day_key]) for row in rows}
    span = (window.end_on - window.begin_on).days + 1
    days = (window.begin_on + timedelta(days=offset) for offset in range(span))
    return [day.isoformat() for day in days if day not in present]


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _whole_number(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lstrip("-").isascii():
        try:
            return int(value)
        except ValueError:
            return None
    return None


def _quoted(value: object) -> str:
    """Return a short quotation; a nested value only by its kind, because it may be bottomless."""
    if isinstance(value, (str, int, float)):
        return repr(value)[:40]
    return type(value).__name__


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")
