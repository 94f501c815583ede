"""Tables that are text: CSV, TSV, and the HTML tables some back offices name .xls."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Protocol, cast

from lxml import html  # pyright: ignore[reportMissingTypeStubs]

MAX_SPAN = 200  # a colspan or rowspan beyond this is an attack, not a layout
_BYTE_ORDER_MARKS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}


class _Element(Protocol):
    """The part of an lxml element used here; lxml ships no types."""

    def iter(self, tag: str) -> Iterator[_Element]: ...
    def iterchildren(self, *tags: str) -> Iterator[_Element]: ...
    def itertext(self) -> Iterator[str]: ...
    def get(self, key: str, default: str) -> str: ...


Table = tuple[str, list[list[object]]]


class TextTableError(ValueError):
    """Text that holds no table; ``problem`` and ``advice`` are halves of a Chinese sentence."""

    def __init__(self, problem: str, advice: str) -> None:
        """Keep both halves for the caller, who knows the file's name."""
        super().__init__(f"{problem}；{advice}")
        self.problem, self.advice = problem, advice


def parse_text_tables(content: bytes, max_cells: int) -> list[Table]:
    """Return the named tables in *content*.

    Raises:
        TextTableError: unknown encoding, a web page without a table, or more than *max_cells*.
    """
    text = decode_text(content)
    start = text[:2000].lstrip().lower()
    if start.startswith("<"):
        if "urn:schemas-microsoft-com:office:spreadsheet" in start:
            raise TextTableError("是旧式 XML 表格", "请用 Excel 或 WPS 另存为 .xlsx 后再导入")
        return _html_tables(text, max_cells)
    return [("", _bounded(_csv_rows(text), max_cells))]


def decode_text(content: bytes) -> str:
    """Return the text: by byte order mark, else strict UTF-8, else GB18030 (which covers GBK).

    Raises:
        TextTableError: none of them fits, or the text holds NUL characters.
    """
    encodings = [name for mark, name in _BYTE_ORDER_MARKS.items() if content.startswith(mark)]
    for encoding in encodings or ["utf-8", "gb18030"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise TextTableError("不是能识别的数据表（文件类型或编码未知）", "请选择后台导出的原始文件")


def _csv_rows(text: str) -> Iterator[list[object]]:
    first_line = text.lstrip().split("\n", 1)[0]
    delimiter = max(",\t;", key=first_line.count)
    widths = [0, 0]  # of the last two rows
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter):
            widths = [widths[1], len(row)]
            yield [cell.strip() for cell in row]
    except csv.Error as error:
        raise TextTableError(f"的 CSV 内容有误（{error}）", "请重新导出，或另存为 .xlsx") from error
    # A line cut off in the middle: its last cell may be half a number, and would be believed.
    if widths[1] < widths[0] and not text.endswith(("\n", "\r")):
        raise TextTableError("的最后一行不完整，可能没有下载完", "请重新导出")


def _html_tables(text: str, max_cells: int) -> list[Table]:
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    # Bytes with a stated encoding, because lxml refuses a str that carries an XML declaration;
    # behind an element of our own, because it raises on a document it finds empty.
    content = b"<div>" + text.encode("utf-8", "replace")
    document = cast("_Element", html.document_fromstring(content, parser=parser))  # pyright: ignore[reportUnknownMemberType]
    if text.lower().count("<table") > text.lower().count("</table"):
        raise TextTableError("的表格没有结束标记，可能没有下载完", "请重新导出")
    named: list[Table] = []
    for number, table in enumerate(document.iter("table"), 1):
        rows = _bounded(_html_rows(table), max_cells)
        max_cells -= sum(len(row) for row in rows)
        named.append((f"表{number}", rows))
    if not named:
        raise TextTableError(
            "是网页而不是数据表（可能登录已过期，导出的是登录页）", "请登录后台重新导出"
        )
    return named


def _html_rows(table: _Element) -> Iterator[list[object]]:
    """Yield rows with spans laid out: the text in the first cell, the covered cells empty."""
    covered: dict[int, int] = {}  # column -> rows still covered from above
    for row in table.iter("tr"):
        cells: list[object] = []
        for element in row.iterchildren("td", "th"):
            _skip_covered(cells, covered)
            text = " ".join("".join(element.itertext()).split())
            height = _span(element, "rowspan")
            for offset in range(_span(element, "colspan")):
                if height > 1:
                    covered[len(cells)] = height - 1
                cells.append(text if offset == 0 else "")
        _skip_covered(cells, covered)
        yield cells


def _skip_covered(cells: list[object], covered: dict[int, int]) -> None:
    while covered.get(len(cells), 0) > 0:
        covered[len(cells)] -= 1
        cells.append("")


def _span(element: _Element, name: str) -> int:
    text = element.get(name, "1").strip()
    return min(max(int(text), 1), MAX_SPAN) if text.isascii() and text.isdigit() else 1


def _bounded(rows: Iterator[list[object]], max_cells: int) -> list[list[object]]:
    kept: list[list[object]] = []
    for row in rows:
        max_cells -= max(len(row), 1)
        if max_cells < 0:
            raise TextTableError("的单元格过多", "请缩短导出的日期范围后再导入")
        kept.append(row)
    return kept
