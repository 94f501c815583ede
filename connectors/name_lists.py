"""Read long lists of names from CSV: a million rows, a row at a time, and every bad row named.

The heading decides which column is which; columns nobody asked for are left out. UTF-8 with or
without byte order mark, UTF-16 and GB18030 are told apart by ``connectors.text_tables``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from connectors.spreadsheet import UnreadableFileError
from connectors.text_tables import TextTableError, decode_text

MAX_BYTES = 1024**3
ODD_ONE_IN = 100
MAX_CELL = 10_000  # more is no name; the row is reported and its cell cut


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row: its line in the file, the wanted cells by column, and what is wrong with it."""

    line: int
    cells: dict[str, str]
    problem: str = ""


def read_list(path: Path, required: Sequence[str], optional: Sequence[str] = ()) -> list[ListRow]:
    """Return the rows of a CSV file in order; a row with a problem has it in words.

    Args:
        path: the file.
        required: columns that must be in the heading, in any order.
        optional: columns that are read where the file has them.

    Raises:
        UnreadableFileError: too large, of no known encoding, or without a required column.
        OSError: the path cannot be read.
    """
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableFileError(path.name, "超过 1 GB", "请分成几个文件")
    try:
        text = _decoded(path.read_bytes())
    except TextTableError as error:
        raise UnreadableFileError(path.name, error.problem, error.advice) from error
    csv.field_size_limit(2**31 - 1)
    table = csv.reader(StringIO(text, newline=""))
    heading = [cell.strip().lower() for cell in next(table, list[str]())]
    missing = [name for name in required if name not in heading]
    if missing:
        names = "、".join(missing)
        raise UnreadableFileError(
            path.name, f"第 1 行缺少列 {names}", f"第 1 行应为列名：{','.join(required)}"
        )
    wanted = {name: heading.index(name) for name in (*required, *optional) if name in heading}
    return list(_rows(path.name, table, wanted, required, len(heading)))


def _decoded(content: bytes) -> str:
    """Return the text; a few bytes that belong in none, which a hostile name may hold, spoil nothing.

    NUL becomes DEL, which is as invisible and one byte in every encoding but UTF-16.

    Raises:
        TextTableError: more than one byte in a hundred is wrong: the file is something else.
    """
    is_utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not is_utf_16 and content.count(0) * ODD_ONE_IN < len(content):
        content = content.replace(b"\x00", b"\x7f")
    try:
        return decode_text(content)
    except TextTableError:
        text = content.decode("utf-8-sig", "replace")
        if is_utf_16 or text.count("\ufffd") * ODD_ONE_IN > len(text) or "\x00" in text:
            raise
        return text


def _rows(
    file_name: str,
    table: Iterator[list[str]],
    wanted: dict[str, int],
    required: Sequence[str],
    width: int,
) -> Iterator[ListRow]:
    line = getattr(table, "line_num", 1)
    try:
        for row in table:
            line, before = getattr(table, "line_num", line), line
            if not row or not any(row):
                continue
            cells = {
                name: _cell(name, row[at]) if at < len(row) else "" for name, at in wanted.items()
            }
            yield ListRow(before + 1, cells, _problem(row, cells, required, width))
    except csv.Error as error:
        raise UnreadableFileError(
            file_name, f"第 {line + 1} 行起读不下去（{error}）", "请重新导出"
        ) from error


def _cell(column: str, text: str) -> str:
    """Return a cell without the space around it; an id joins tables and stays as it is."""
    return (text if column.endswith("_id") else text.strip())[:MAX_CELL]


def _problem(row: list[str], cells: dict[str, str], required: Sequence[str], width: int) -> str:
    if len(row) > width:
        return f"有 {len(row)} 格，列名只有 {width} 个；名称中有逗号的应加引号"
    empty = [name for name in required[:2] if not cells.get(name, "").strip()]
    return f"{'、'.join(empty)} 为空" if empty else ""
