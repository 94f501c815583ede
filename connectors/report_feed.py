"""Read a feed of reports: a spreadsheet, a CSV or the JSON of a hotline's interface, by its mapping.

Which source a sheet is follows from its headings, or is said by the caller. Every bad row becomes a
sentence with file, sheet, row and column; the good ones go on. Mail is ``report_mail``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from typing import cast

from connectors.cells import Missing, UnreadableCellError, cell_text, parse_day, raw_text
from connectors.report_model import FeedReading, ReportRow, RowProblem
from connectors.report_sources import FieldName, Source, Sources
from connectors.spreadsheet import Sheet, UnreadableFileError, read_tables

OFFICE_ZONE = timezone(timedelta(hours=8))
HEADING_ROWS = 20  # banners and notes stand above the headings, never more than this
MOST_ROWS = 20_000
LONGEST_TEXT = 20_000
LONGEST_NUMBER = 80
INSTANTS = frozenset({"received", "answer_due"})
EXACT_FLOAT = 2**53  # a longer number in a numeric cell has lost its last digits
_CLOCK = re.compile(r"(\d{1,2})[:时](\d{1,2})(?:[:分](\d{1,2}))?")


@dataclass(frozen=True)
class _Table:
    """A sheet whose headings were found: heading -> column, and the row they stand in."""

    place: str
    columns: Mapping[str, int]
    heading_row: int
    rows: Sequence[Sequence[object]]


def read_feed(
    content: bytes, file_name: str, sources: Sources, source_id: str | None = None
) -> FeedReading:
    """Return the reports in a table or JSON file.

    Args:
        content: the file's bytes.
        file_name: for the sentences.
        sources: the mappings to choose from.
        source_id: which of them; ``None`` recognises it by the headings.

    Raises:
        UnreadableFileError: no table, no sheet with the headings of a source, or an unknown source.
    """
    sheets = _sheets(content, file_name)
    chosen = source_id or _recognised(sheets, sources, file_name)
    source = sources.sources[chosen]
    tables = [table for sheet in sheets if (table := _table(sheet, source, file_name))]
    if not tables:
        missing = "、".join(source.required)
        raise UnreadableFileError(
            file_name, f"没有同时含「{missing}」各列的表", "请核对来源，或补写列名对照"
        )
    rows: list[ReportRow] = []
    problems: list[RowProblem] = []
    for table in tables:
        for found in _read_rows(table, source):
            (rows if isinstance(found, ReportRow) else problems).append(found)  # type: ignore[arg-type]
    unknown = {h for table in tables for h in table.columns if h not in source.known}
    return FeedReading(chosen, rows, problems, sorted(unknown))


def _sheets(content: bytes, file_name: str) -> list[Sheet]:
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{"):
        return [_json_sheet(content, file_name)]
    return read_tables(content, file_name)


def _json_sheet(content: bytes, file_name: str) -> Sheet:
    """Return the records of a JSON file as a sheet: an array of objects, or one under one key."""
    try:
        document: object = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError(file_name, "不是完整的 JSON", "请重新导出") from error
    items = _records(document)
    if not items:
        raise UnreadableFileError(file_name, "的 JSON 中没有工单数组", "请导出为对象数组")
    headings = list(dict.fromkeys(key for record in items for key in record))
    rows: list[list[object]] = [list[object](headings)]
    rows += [[_scalar(record.get(key)) for key in headings] for record in items]
    return Sheet("", rows)


def _records(document: object) -> list[dict[str, object]]:
    """Return the objects of an array that stands alone or under one key."""
    if isinstance(document, dict):
        values = cast("dict[str, object]", document).values()
        arrays = [cast("list[object]", value) for value in values if isinstance(value, list)]
        document = arrays[0] if len(arrays) == 1 else None
    if not isinstance(document, list):
        return []
    items = cast("list[object]", document)
    return [cast("dict[str, object]", item) for item in items if isinstance(item, dict)]


def _scalar(value: object) -> object:
    return value if isinstance(value, (str, int, float)) else "" if value is None else str(value)


def _recognised(sheets: Sequence[Sheet], sources: Sources, file_name: str) -> str:
    """Return the source whose required headings the file has; the one that asks for most wins."""
    present = [{cell_text(cell) for row in s.rows[:HEADING_ROWS] for cell in row} for s in sheets]
    fitting = [
        (len(source.required), name)
        for name, source in sources.sources.items()
        if source.required and any(set(source.required) <= headings for headings in present)
    ]
    if not fitting:
        raise UnreadableFileError(
            file_name,
            "的列名不属于任何已知来源",
            "请在数据目录 report_sources.yml 中写明列名对照，或用空白登记表",
        )
    return max(fitting)[1]


def _table(sheet: Sheet, source: Source, file_name: str) -> _Table | None:
    for index, row in enumerate(sheet.rows[:HEADING_ROWS]):
        columns: dict[str, int] = {}
        for column, cell in enumerate(row):
            if heading := cell_text(cell):
                columns.setdefault(heading, column)
        if set(source.required) <= set(columns):
            place = f"「{file_name}」表「{sheet.name}」" if sheet.name else f"「{file_name}」"
            return _Table(place, columns, index, sheet.rows)
    return None


def _read_rows(table: _Table, source: Source) -> Iterator[ReportRow | RowProblem]:
    begin = table.heading_row + 1
    for offset, row in enumerate(table.rows[begin : begin + MOST_ROWS], begin + 1):
        if any(raw_text(cell) for cell in row):
            yield _read_row(table, source, row, f"{table.place}第 {offset} 行")
    if len(table.rows) > begin + MOST_ROWS:
        sentence = f"超过 {MOST_ROWS} 行，其余未读；请分批导出后再导入"
        yield RowProblem(f"{table.place}第 {begin + MOST_ROWS + 1} 行起", sentence)


def _read_row(
    table: _Table, source: Source, row: Sequence[object], place: str
) -> ReportRow | RowProblem:
    cells = _Cells(table, row)
    texts: dict[FieldName, str] = {}
    for name, headings in source.fields.items():
        if name not in INSTANTS:
            texts[name] = cells.first(headings)
    number_heading = cells.heading(source.fields["number"])
    fault = _fault(texts, cells.cell(number_heading), number_heading)
    if fault:
        return RowProblem(place, fault)
    number = texts.pop("number")
    try:
        received_at = cells.instant(source.fields.get("received", ()), time.min)
        # An end given as a day alone ends with that day.
        answer_due_at = cells.instant(source.fields.get("answer_due", ()), time(23, 59, 59))
    except UnreadableCellError as error:
        return RowProblem(place, f"{error}；请改成如 2026-11-17 09:12 的时间")
    personal = [*source.personal, *source.contact.drop, *source.contact.keep]
    return ReportRow(
        place,
        number,
        texts,
        received_at,
        answer_due_at,
        cells.first(source.contact.keep),
        tuple(value for heading in personal if (value := cells.first([heading]))),
    )


def _fault(texts: Mapping[FieldName, str], number_cell: object, heading: str) -> str:
    """Return what is wrong with a row's texts; empty when it can be taken."""
    number = texts.get("number", "")
    if not number:
        return f"「{heading}」为空；请补上编号"
    if len(number) > LONGEST_NUMBER:
        return f"「{heading}」长达 {len(number)} 字；请核对是否错列"
    if isinstance(number_cell, float) and abs(number_cell) >= EXACT_FLOAT:
        return f"「{heading}」被存成数字，末几位已丢失；请在来源系统按文本重新导出"
    if not texts.get("content") and not texts.get("subject"):
        return "标题与内容都为空；请补上情况描述"
    if any(len(text) > LONGEST_TEXT for text in texts.values()):
        return f"有一格超过 {LONGEST_TEXT} 字；请核对是否错列"
    return ""


@dataclass(frozen=True)
class _Cells:
    """One row, addressed by heading."""

    table: _Table
    row: Sequence[object]

    def heading(self, headings: Sequence[str]) -> str:
        """Return the first of *headings* that the table has."""
        return next((h for h in headings if h in self.table.columns), headings[0])

    def cell(self, heading: str) -> object:
        """Return the cell under *heading*; rows may be shorter than the headings."""
        column = self.table.columns.get(heading)
        return self.row[column] if column is not None and column < len(self.row) else ""

    def first(self, headings: Sequence[str]) -> str:
        """Return the first text under *headings* that is not blank."""
        return next((text for h in headings if (text := raw_text(self.cell(h)))), "")

    def instant(self, headings: Sequence[str], without_clock: time) -> datetime | None:
        """Return the instant under the first heading that is there; office time unless it says so."""
        for heading in headings:
            try:
                found = parse_instant(self.cell(heading), without_clock)
            except UnreadableCellError as error:
                raise UnreadableCellError(f"「{heading}」{error}") from error
            if found:
                return found
        return None


def parse_instant(cell: object, without_clock: time) -> datetime | None:
    """Return the office's local instant in *cell*, ``None`` for a blank one.

    Raises:
        UnreadableCellError: neither blank nor a day with an optional time of day.
    """
    if isinstance(cell, datetime):
        return cell if cell.tzinfo else cell.replace(tzinfo=OFFICE_ZONE)
    day = parse_day(cell)
    if isinstance(day, Missing):
        return None
    clock = _CLOCK.search(cell_text(cell)) if isinstance(cell, str) else None
    if clock is None:
        return datetime.combine(day, without_clock, OFFICE_ZONE)
    hour, minute, second = (int(part or 0) for part in clock.groups())
    if hour > 23 or minute > 59 or second > 59:
        raise UnreadableCellError(f"不是时间：{cell_text(cell)[:40]!r}")
    return datetime.combine(day, time(hour, minute, second), OFFICE_ZONE)
