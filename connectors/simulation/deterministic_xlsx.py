"""Workbooks whose bytes depend on their content only: no clock, no compressor version.

xlsxwriter stamps fixed times inside the archive once the creation date is given; the parts are then
stored instead of deflated, because two builds of zlib may compress the same text differently.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from importlib import import_module
from io import BytesIO
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

Cell = str | int | float | bool | date | None
Table = Sequence[Sequence[Cell]]

_FIXED_INSTANT = datetime(2026, 1, 1)  # noqa: DTZ001  # xlsxwriter writes it as it stands
_FIRST_ZIP_DAY = (1980, 1, 1, 0, 0, 0)


def workbook_bytes(sheets: Mapping[str, Table]) -> bytes:
    """Return an .xlsx of sheet name -> rows, the first row being headings.

    Text is written as text: a name such as ``=HYPERLINK(...)`` stays a name. Days become date cells
    shown as ``2026-11-20``.
    """
    buffer = BytesIO()
    # Imported here because only whoever writes examples needs it; the package has no type stubs.
    xlsxwriter: Any = import_module("xlsxwriter")
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(buffer, options)
    workbook.set_properties({"created": _FIXED_INSTANT})
    day_format = workbook.add_format({"num_format": "yyyy-mm-dd"})
    heading_format = workbook.add_format({"bold": True})
    for name, rows in sheets.items():
        worksheet = workbook.add_worksheet(name)
        worksheet.freeze_panes(1, 0)
        for row_index, row in enumerate(rows):
            text_format = heading_format if row_index == 0 else None
            for column, value in enumerate(row):
                _write(worksheet, row_index, column, value, (text_format, day_format))
    workbook.close()
    return _stored(buffer.getvalue())


def _write(
    worksheet: Any,  # noqa: ANN401  # xlsxwriter has no type stubs
    row: int,
    column: int,
    value: Cell,
    formats: tuple[Any, Any],
) -> None:
    text_format, day_format = formats
    if value is None:
        return
    if isinstance(value, date):
        worksheet.write_datetime(row, column, value, day_format)
    elif isinstance(value, str):
        worksheet.write_string(row, column, value, text_format)
    else:
        worksheet.write(row, column, value)


def _stored(archive: bytes) -> bytes:
    target = BytesIO()
    with ZipFile(BytesIO(archive)) as source, ZipFile(target, "w", ZIP_STORED) as stored:
        for name in source.namelist():
            entry = ZipInfo(name, _FIRST_ZIP_DAY)
            entry.create_system = 0  # the same on every operating system
            stored.writestr(entry, source.read(name))
    return target.getvalue()
