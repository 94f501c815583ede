"""One row of a reply: is everything there that its declaration promises, and is each figure one?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from math import isfinite
from typing import cast

from connectors.declaration import Endpoint, TimeFormat
from connectors.windows import SHANGHAI, Window

Row = dict[str, object]

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
    )
}


class UnintelligibleReplyError(ValueError):
    """The body is not what the protocol promises; the sentence says where and how."""


def value_at(content: object, path: str) -> object:
    """Return what stands under a path such as ``data.list``, or None."""
    for key in path.split("."):
        if not isinstance(content, Mapping):
            return None
        content = cast("Mapping[str, object]", content).get(key)
    return content


def checked_row(
    endpoint: Endpoint, window: Window, number: int, row: object, notes: set[str]
) -> Row:
    """Return *row* unchanged, or raise with the row's number and the key that is wrong."""
    if not isinstance(row, dict):
        raise UnintelligibleReplyError(f"第 {number} 行不是对象")
    row = cast("Row", row)
    absent = [key for key in endpoint.required if not list(values_at(row, key.split(".")))]
    if absent:
        raise UnintelligibleReplyError(f"第 {number} 行缺少 {'、'.join(absent)}")
    if endpoint.day_key is not None:
        given = value_at(row, endpoint.day_key)
        if not _is_day_asked(endpoint, window, given):
            raise UnintelligibleReplyError(
                f"第 {number} 行的 {endpoint.day_key} 不在所问日期内：{quoted(given)}"
            )
    for path in endpoint.metrics:
        for value in values_at(row, path.split(".")):
            _check_number(number, path, value, notes)
    return row


def _is_day_asked(endpoint: Endpoint, window: Window, given: object) -> bool:
    day = read_day(given)
    if day is None:
        return False
    # "The last seven days" begin where the platform says; only a day to come cannot be right.
    is_begin_known = endpoint.asks != "recent_days"
    slack = timedelta(days=0 if is_begin_known else 1)
    return (not is_begin_known or day >= window.begin_on) and day <= window.end_on + slack


def values_at(value: object, keys: list[str]) -> Iterator[object]:
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
        yield from values_at(one, keys[1:])


def _check_number(number: int, path: str, value: object, notes: set[str]) -> None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return
    if value is None:
        notes.add(f"{path} 有空值，按缺失处理")
        return
    if isinstance(value, str) and is_number_text(value):
        notes.add(f"{path} 的数字以文本给出")
        return
    raise UnintelligibleReplyError(f"第 {number} 行的 {path} 不是数字：{quoted(value)}")


def is_number_text(text: str) -> bool:
    """Whether SQL's ``try_cast(… as double)`` will read the text as a figure."""
    try:
        return text.strip().isascii() and "_" not in text and isfinite(float(text))
    except ValueError:
        return False


def days_without_row(endpoint: Endpoint, window: Window, rows: tuple[Row, ...]) -> list[str]:
    """Return the days of the window that no row speaks of."""
    if endpoint.day_key is None:
        return []
    present = {read_day(value_at(row, endpoint.day_key)) for row in rows}
    span = (window.end_on - window.begin_on).days + 1
    days = (window.begin_on + timedelta(days=offset) for offset in range(span))
    return [day.isoformat() for day in days if day not in present]


def read_day(value: object) -> date | None:
    """Return the day in ``2026-08-04``, ``20260804`` or an instant's text that starts so, or None."""
    try:
        return date.fromisoformat(value[:10].replace("/", "-")) if isinstance(value, str) else None
    except ValueError:
        return None


def published_on(endpoint: Endpoint, row: Row) -> date | None:
    """Return the day (Asia/Shanghai) of an item of a list, or None when it cannot be read."""
    instant = read_instant(value_at(row, endpoint.time_key or ""), endpoint.time_format)
    return instant.astimezone(SHANGHAI).date() if instant else None


def read_instant(value: object, time_format: TimeFormat) -> datetime | None:
    """Return the aware instant that *value* means in *time_format*, or None."""
    try:
        if time_format == "weibo":
            return _weibo_instant(str(value))
        if time_format == "iso":
            return datetime.fromisoformat(str(value)).astimezone(UTC)
        number = whole_number(value)
        seconds = None if number is None else number / (1000 if time_format == "unix_ms" else 1)
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _weibo_instant(text: str) -> datetime:
    """Read ``Wed Jan 24 11:19:36 +0800 2018``: by hand, because ``strptime`` asks the locale."""
    _, month, day, clock, zone, year = text.split()
    stamp = (
        f"{int(year):04d}-{_MONTHS.get(month, 0):02d}-{int(day):02d}T{clock}{zone[:3]}:{zone[3:]}"
    )
    return datetime.fromisoformat(stamp).astimezone(UTC)


def whole_number(value: object) -> int | None:
    """Return a whole number given as such or as text; None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lstrip("-").isascii():
        try:
            return int(value)
        except ValueError:
            return None
    return None


def quoted(value: object) -> str:
    """Return a short quotation; a nested value only by its kind, because it may be bottomless."""
    if isinstance(value, (str, int, float)):
        return repr(value)[:40]
    return type(value).__name__
