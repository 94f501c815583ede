"""What a cell of an export file means: a number, a day, or nothing, but never a guess.

Back offices write missing figures in many ways; ``Missing`` keeps what stood there, so that
nobody mistakes it for zero. What is neither value nor placeholder raises ``UnreadableCellError``.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

PLACEHOLDERS = frozenset({"", "-", "--", "—", "——", "暂无", "无", "N/A", "n/a", "null", "NULL"})

_EXCEL_EPOCH = date(1899, 12, 30)
# 2000-01-01 to 2099-12-31: outside this range a bare number is not a day.
_SERIAL_DAYS = range(36526, 73051)
_SCALES = {"": Decimal(1), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d{1,15})(\.\d{1,12})?(万|亿)?(%|秒)?", re.ASCII)
_BOUND = re.compile(r"[<>≤≥].+")
_DAY = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})"
    r"|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))"
    r"(?:[ T]*\d{1,2}(?::\d{2}){1,2}(?:\.\d+)?|[ ]*\d{1,2}时\d{1,2}分(?:\d{1,2}秒)?)?",
    re.ASCII,
)


class UnreadableCellError(ValueError):
    """A cell that is neither a value nor a known placeholder; the Chinese sentence quotes it."""


@dataclass(frozen=True, slots=True)
class Missing:
    """No value; ``original`` is what the cell showed, for instance ``-``, ``<0.1%`` or nothing."""

    original: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number and its unit: a plain count or amount, a ratio (12.24% is 0.1224), or seconds."""

    value: float
    unit: Literal["plain", "ratio", "s"] = "plain"


def cell_text(cell: object) -> str:
    """Return the cell as text: full width folded, without the guards ``'…`` and ``="…"``."""
    text = unicodedata.normalize("NFKC", raw_text(cell)).strip()
    guarded = re.fullmatch(r'="?(.*?)"?', text, re.DOTALL)
    return (guarded[1] if guarded else text.removeprefix("'")).strip()


def raw_text(cell: object) -> str:
    """Return the cell as it shows, without blanks around it; a title keeps its full-width signs."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else str(cell).strip()


def parse_number(cell: object, *, is_minus_one_missing: bool = False) -> Number | Missing:
    """Return the number in *cell*: ``1,234``, ``1.2万``, ``12.24%``, ``21.46秒``, ``-2``.

    A bound such as ``<0.1%`` is missing, because the value is not known. Daily net figures may be
    negative; only where the platform writes ``-1`` for "no data" pass *is_minus_one_missing*.

    Raises:
        UnreadableCellError: anything else.
    """
    text = cell_text(cell)
    if text in PLACEHOLDERS or _BOUND.fullmatch(text):
        return Missing(text)
    number = _plain_number(cell) or _written_number(text)
    if number is None:
        raise UnreadableCellError(f"不是数字：{text[:40]!r}")
    if is_minus_one_missing and number.value == -1:
        return Missing(text)
    return number


def _plain_number(cell: object) -> Number | None:
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        return None
    try:
        value = float(cell)
    except OverflowError:
        return None
    return Number(value) if math.isfinite(value) else None


def _written_number(text: str) -> Number | None:
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    sign, whole, fraction, scale, mark = match.groups(default="")
    value = Decimal(f"{sign}{whole.replace(',', '')}{fraction}") * _SCALES[scale]
    if mark == "%":
        return Number(float(value / 100), "ratio")
    return Number(float(value), "s" if mark else "plain")


def parse_day(cell: object) -> date | Missing:
    """Return the day in *cell*, any time of day dropped.

    Reads ``2026-08-01``, ``20260801`` (text or number), ``2026/07/24``, ``2026.07.14``,
    ``2026年05月29日 12:40:34`` and the serial days of Excel between 2000 and 2099.

    Raises:
        UnreadableCellError: anything else, days that do not exist included.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = cell_text(cell)
    if text in PLACEHOLDERS:
        return Missing(text)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and math.isfinite(cell):
        serial = math.floor(cell)
        if serial in _SERIAL_DAYS:
            return _EXCEL_EPOCH + timedelta(days=serial)
    return _written_day(text)


def _written_day(text: str) -> date:
    match = _DAY.fullmatch(text)
    if match is not None:
        year, month, day = (int(part) for part in match.groups() if part is not None)
        try:
            found = date(year, month, day)
        except ValueError:
            found = None
        if found is not None and 2000 <= found.year <= 2099:
            return found
    raise UnreadableCellError(f"不是日期：{text[:40]!r}")
