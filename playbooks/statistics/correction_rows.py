"""The file of corrections as a form changes it: one row more, or one row less; never rewritten else.

Rows that a person typed keep their order and their words, so that a file written by hand and one
written by the form are the same file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date

from playbooks.statistics.corrections import (
    COLUMNS,
    WITHDRAW,
    Correction,
    CorrectionError,
    read_corrections,
)
from playbooks.statistics.labels import metric

BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # without it a spreadsheet program reads Chinese as GB18030
WITHDRAWN_COLUMNS = (*COLUMNS, "撤回人", "撤回日期", "撤回理由")


def cells_of(one: Correction) -> list[str]:
    """Return the row of *one* as the file has it."""
    return [
        one.account_id,
        metric(one.metric).label,
        one.stat_date.isoformat(),
        WITHDRAW if one.value is None else f"{one.value:g}",
        "" if one.expected is None else f"{one.expected:.17g}",
        one.reason,
        one.reported_by,
        one.reported_on.isoformat(),
        one.expires_on.isoformat() if one.expires_on else "",
    ]


def with_row(content: bytes, one: Correction) -> bytes:
    """Return the file *content* (empty for none) with *one* at its end.

    Raises:
        CorrectionError: the file or the row cannot be taken, or the figure is corrected already.
    """
    declared = read_corrections(content) if content else []
    if any(each.correction_id == one.correction_id for each in declared):
        raise CorrectionError(
            f"{one.account_id} {one.stat_date} 的{metric(one.metric).label}已有一条更正；先撤回它"
        )
    made = _written([*_rows(content), cells_of(one)])
    read_corrections(made)
    return made


def without_row(content: bytes, correction_id: str) -> tuple[bytes, Correction]:
    """Return the file *content* without one correction, and that correction.

    Raises:
        CorrectionError: the file cannot be taken, or it holds no such correction.
    """
    declared = read_corrections(content) if content else []
    for number, each in enumerate(declared):
        if each.correction_id == correction_id:
            rows = [row for row in _rows(content) if any(cell.strip() for cell in row)]
            return _written([*rows[:number], *rows[number + 1 :]]), each
    raise CorrectionError(f"没有编号为 {correction_id} 的更正；juzhen corrections 列出全部")


def withdrawn_row(content: bytes, one: Correction, who: str, on: date, why: str) -> bytes:
    """Return the file of withdrawn corrections *content* with *one* at its end."""
    return _written(
        [*_rows(content), [*cells_of(one), who, on.isoformat(), why]], WITHDRAWN_COLUMNS
    )


def _rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:]


def _written(rows: Sequence[Sequence[str]], columns: Sequence[str] = COLUMNS) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(columns)
    writer.writerows(rows)
    return BYTE_ORDER_MARK + written.getvalue().encode("utf-8")
