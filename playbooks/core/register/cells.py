"""One cell in, one typed value or one fault out.

Spreadsheets turn ``1001`` into ``1001.0``, dates into numbers, and people paste full-width digits,
zero-width marks and spaces. What can be repaired without guessing is repaired; the rest is a fault.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from playbooks.core.register import uscc
from playbooks.core.register.columns import Column, Kind, blank_marks, labels

Value = str | date | bool | int | None
Record = dict[str, Value]

ID_MAX_LENGTH = 40
POSITION_MAX = 9
YEAR_FIRST, YEAR_LAST = 1990, 2100
FORMULA_MARKS = ("=", "+", "-", "@")

_DATE = re.compile(
    r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|年(\d{1,2})月(\d{1,2})日)", re.ASCII
)
_DATE_LIKE = re.compile(r"(\d{4})[.．、\s]?(\d{1,2})[.．、\s]?(\d{1,2})", re.ASCII)
_SERIAL = re.compile(r"[2-7]\d{4}(?:\.\d+)?", re.ASCII)
_SERIAL_ZERO = date(1899, 12, 30)  # day 0 of the 1900 date system as it counts from 1 March 1900 on
_ID = re.compile(r"[\w.\-]+")
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
# Area codes of mainland China, and 0000, which belongs to nobody and so to examples.
_LANDLINE = re.compile(r"(0(?:10|2\d|[03-9]\d{2})-?)?[2-9]\d{6,7}(-\d{1,6})?", re.ASCII)
_AREA_CODE = re.compile(r"(0(?:10|2\d|[03-9]\d{2}))-?([2-9]\d{6,7}(?:-\d{1,6})?)", re.ASCII)
_SHORT_NUMBER = re.compile(r"1\d{2,5}|9\d{4,5}|[48]00-?\d{3}-?\d{4}", re.ASCII)
_URL = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)
_CELL_ERRORS = frozenset(
    ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"]
)


@dataclass(frozen=True)
class Fault:
    """A problem of one cell that does not know its place yet: code and blanks of its sentences."""

    code: str
    blanks: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True)
class Cell:
    """What became of one cell.

    Attributes:
        text: the cell as normalised text; ``""`` when blank.
        value: the typed value; ``None`` when blank or not understood.
        fault: what is wrong, if anything; with a warning the value is there nevertheless.
    """

    text: str
    value: Value = None
    fault: Fault | None = None


def read_cell(column: Column, cell: object) -> Cell:
    """Return what *cell* of *column* holds.

    Args:
        column: how to understand it.
        cell: what a spreadsheet reader yields: text, number, truth value, date, instant or None.
    """
    text = cell_text(cell)
    if text in _CELL_ERRORS:
        return Cell(text, None, Fault("cell_is_error"))
    if not text or text in blank_marks():
        fault = Fault("required_blank", _about(column)) if column.is_required else None
        return Cell(text, None, fault)
    result = _READERS[column.kind](column, text)
    if isinstance(result, Fault):
        # A bad id still names its row, so that rows referring to it are not blamed as well.
        value = _half_width(text) if column.kind is Kind.ID else None
        return Cell(text, value, result)
    if isinstance(result, str) and _looks_like_formula(column, result):
        return Cell(text, result, Fault("text_like_formula", _about(column)))
    return Cell(text, result)


def cell_text(cell: object) -> str:
    """Return *cell* as one line of text: trimmed, single spaces, no control or zero-width marks."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return labels("yes_no")["yes" if cell else "no"]
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = unicodedata.normalize("NFC", str(cell))
    if not text.isprintable():  # a full-width space is not printable either; most cells are
        text = "".join(_plain(mark) for mark in text)
    text = " ".join(text.split())
    # Undo what the csv export puts before a formula mark so that Excel leaves the text alone.
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA_MARKS and text[1:] else text


def _plain(mark: str) -> str:
    if mark.isspace():
        return " "
    return "" if unicodedata.category(mark) in ("Cc", "Cf") else mark


def _about(column: Column) -> dict[str, object]:
    return {"heading": column.heading, "help": column.help_text}


def _looks_like_formula(column: Column, text: str) -> bool:
    return column.kind is Kind.TEXT and text.startswith(FORMULA_MARKS)


def _half_width(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _read_id(column: Column, text: str) -> Value | Fault:
    code = _half_width(text)
    if len(code) > ID_MAX_LENGTH or not _ID.fullmatch(code):
        return Fault("id_bad", {"limit": ID_MAX_LENGTH, "example": column.example})
    return code


def _read_reference(_column: Column, text: str) -> Value | Fault:
    return _half_width(text)


def _read_text(column: Column, text: str) -> Value | Fault:
    if len(text) > column.max_length:
        return Fault("text_too_long", {"length": len(text), "limit": column.max_length})
    return text


def _read_choice(column: Column, text: str) -> Value | Fault:
    wanted = _half_width(text)
    for identifier, label in column.labels.items():
        if wanted == label:
            return identifier
    code = "platform_unknown" if column.name == "platform" else "choice_unknown"
    return Fault(code, _about(column) | {"choices": "、".join(column.labels.values())})


def _read_yes_no(column: Column, text: str) -> Value | Fault:
    choice = _read_choice(column, text)
    return choice if isinstance(choice, Fault) else choice == "yes"


def _read_date(_column: Column, text: str) -> Value | Fault:
    plain = _half_width(text)
    match = _DATE.fullmatch(plain)
    day = _day(*(int(part) for part in match.groups() if part)) if match else None
    if day is None:
        meant = _probable_date(plain)
        return Fault("date_unsure", {"meant": meant}) if meant else Fault("date_bad")
    if not YEAR_FIRST <= day.year <= YEAR_LAST:
        return Fault("date_out_of_range", {"first": YEAR_FIRST, "last": YEAR_LAST})
    return day


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _probable_date(text: str) -> date | None:
    if _SERIAL.fullmatch(text):
        return _SERIAL_ZERO + timedelta(days=int(float(text)))
    match = _DATE_LIKE.fullmatch(text)
    return _day(*(int(part) for part in match.groups())) if match else None


def _read_mobile(_column: Column, text: str) -> Value | Fault:
    number = re.sub(r"[\s\-]", "", _domestic(text))
    return number if _MOBILE.fullmatch(number) else Fault("mobile_bad")


def _read_phone(column: Column, text: str) -> Value | Fault:
    mobile = _read_mobile(column, text)
    if not isinstance(mobile, Fault):
        return mobile
    number = re.sub(r"\s", "", _domestic(text).replace("(", "").replace(")", "-"))
    if _SHORT_NUMBER.fullmatch(number):
        return number
    if not _LANDLINE.fullmatch(number):
        return Fault("phone_bad")
    return _AREA_CODE.sub(r"\1-\2", number)


def _domestic(text: str) -> str:
    # People paste several kinds of dash, and numbers with the country code.
    plain = re.sub(r"[‐‑‒–—−]", "-", _half_width(text))
    return re.sub(r"^(?:\+|00)86[\s\-]*", "", plain)


def _read_uscc(_column: Column, text: str) -> Value | Fault:
    code = re.sub(r"[\s\-]", "", _half_width(text)).upper()
    if not uscc.has_shape(code):
        return Fault("uscc_bad_shape", {"length": len(code)})
    expected = uscc.check_character(code[:-1])
    return code if code[-1] == expected else Fault("uscc_check_digit", {"expected": expected})


def _read_integer(_column: Column, text: str) -> Value | Fault:
    plain = _half_width(text)
    if re.fullmatch(r"[1-9]", plain):
        return int(plain)
    return Fault("integer_bad", {"limit": POSITION_MAX})


def _read_url(column: Column, text: str) -> Value | Fault:
    if len(text) > column.max_length:
        return Fault("text_too_long", {"length": len(text), "limit": column.max_length})
    return text if _URL.fullmatch(text) else Fault("url_bad")


_READERS: Mapping[Kind, Callable[[Column, str], Value | Fault]] = {
    Kind.ID: _read_id,
    Kind.REFERENCE: _read_reference,
    Kind.TEXT: _read_text,
    Kind.CHOICE: _read_choice,
    Kind.YES_NO: _read_yes_no,
    Kind.DATE: _read_date,
    Kind.MOBILE: _read_mobile,
    Kind.PHONE: _read_phone,
    Kind.USCC: _read_uscc,
    Kind.INTEGER: _read_integer,
    Kind.URL: _read_url,
}
