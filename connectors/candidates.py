"""Read what a search on a platform found: an exported table, or a list with one name a line.

Which column is which follows from its heading, by ``HEADINGS``; a column nobody asked for is left out.
The platform stands in a column, or in the name of the file or of a folder around it, which the caller
knows. Nothing here decides about a name: that is the matcher's work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from connectors.cells import cell_text, raw_text
from connectors.report_model import RowProblem
from connectors.spreadsheet import Limits, Sheet, UnreadableFileError, read_tables
from connectors.text_tables import TextTableError, decode_text

HEADING_ROWS: Final = 20  # banners stand above the headings, never more than this
MOST_ROWS: Final = 200_000
LONGEST_NAME: Final = 10_000  # more is no name; the row is named and left out
LONGEST_CELL: Final = 2_000
LONGEST_LIST_BYTES: Final = 20 * 1024**2

HEADINGS: Final[Mapping[str, Sequence[str]]] = {
    "name": ("账号名称", "名称", "昵称", "公众号名称", "用户名", "name", "nickname"),
    "platform": ("所在平台", "平台", "platform"),
    "account_id": (
        *("账号编号", "账号ID", "账号id", "微信号", "原始ID", "UID", "uid", "用户ID"),
        *("抖音号", "快手号", "小红书号", "account_id", "user_id"),
    ),
    "handle": ("个性域名", "handle", "screen_name"),
    "bio": ("简介", "个人简介", "账号简介", "签名", "功能介绍", "bio", "description"),
    "url": ("主页链接", "主页", "链接", "url", "link"),
    "certified_subject": ("认证主体", "认证", "认证信息", "认证说明", "certified_subject"),
    "avatar": ("头像哈希", "avatar"),
}
"""Field of a candidate -> headings that mean it; the first one that a table has counts."""


@dataclass(frozen=True, slots=True)
class Found:
    """One account that a search showed; every text as it was shown, empty where unknown.

    Attributes:
        place: file and line, for sentences.
        platform: as written in the table; empty where it has no such column.
        avatar: perceptual hash in 16 hexadecimal digits.
    """

    place: str
    name: str
    platform: str = ""
    account_id: str = ""
    handle: str = ""
    bio: str = ""
    url: str = ""
    certified_subject: str = ""
    avatar: str = ""


@dataclass(frozen=True)
class FoundFile:
    """What a file of candidates holds, and a sentence for every row that could not be used."""

    rows: list[Found] = field(default_factory=list[Found])
    problems: list[RowProblem] = field(default_factory=list[RowProblem])


def read_candidates(path: Path, file_name: str) -> FoundFile:
    """Return the accounts that a file names.

    Args:
        path: a table of any kind that ``read_tables`` knows, or ``.txt`` with one name a line.
        file_name: for the sentences.

    Raises:
        UnreadableFileError: neither a table with a column for the name nor a list.
        OSError: the path cannot be read.
    """
    if path.suffix.lower() == ".txt":
        return _read_list(path, file_name)
    found = FoundFile()
    tables = read_tables(path, file_name, Limits(max_output_bytes=200 * 1024**2))
    known = [one for sheet in tables if (one := _columns(sheet)) is not None]
    if not known:
        wanted = "、".join(HEADINGS["name"][:3])
        raise UnreadableFileError(
            file_name, f"没有名称列（{wanted}等）", "请在第一行写明列名，或存为每行一个名称的 .txt"
        )
    for sheet, columns, heading_row in known:
        _read_table(sheet, columns, heading_row, file_name, found)
    return found


def _read_list(path: Path, file_name: str) -> FoundFile:
    if path.stat().st_size > LONGEST_LIST_BYTES:
        raise UnreadableFileError(file_name, "超过 20 MB", "请分成几个文件")
    try:
        text = decode_text(path.read_bytes())
    except TextTableError as error:
        raise UnreadableFileError(file_name, error.problem, error.advice) from error
    found = FoundFile()
    for number, line in enumerate(text.split("\n"), 1):
        name = line.strip()
        if name and not name.startswith("#"):
            _add(found, Found(f"「{file_name}」第 {number} 行", name))
    return found


def _columns(sheet: Sheet) -> tuple[Sheet, dict[str, int], int] | None:
    """Return where each field of *sheet* stands; ``None`` when no row has a heading for the name."""
    for index, row in enumerate(sheet.rows[:HEADING_ROWS]):
        headings: dict[str, int] = {}
        for column, cell in enumerate(row):
            headings.setdefault(cell_text(cell), column)
        columns = {
            wanted: headings[heading]
            for wanted, known in HEADINGS.items()
            if (heading := next((one for one in known if one in headings), None)) is not None
        }
        if "name" in columns:
            return sheet, columns, index
    return None


def _read_table(
    sheet: Sheet, columns: Mapping[str, int], heading_row: int, file_name: str, found: FoundFile
) -> None:
    title = f"表「{sheet.name}」" if sheet.name else ""
    begin = heading_row + 1
    for number, row in enumerate(sheet.rows[begin : begin + MOST_ROWS], begin + 1):
        place = f"「{file_name}」{title}第 {number} 行"
        cells = {
            name: raw_text(row[column]).strip() if column < len(row) else ""
            for name, column in columns.items()
        }
        if any(cells.values()):
            _add(found, Found(place, **cells))
    if len(sheet.rows) > begin + MOST_ROWS:
        sentence = f"超过 {MOST_ROWS} 行，其余未读；请分成几个文件"
        found.problems.append(RowProblem(f"「{file_name}」{title}", sentence))


def _add(found: FoundFile, row: Found) -> None:
    if not row.name:
        found.problems.append(RowProblem(row.place, "名称为空"))
    elif len(row.name) > LONGEST_NAME or max(len(row.bio), len(row.url)) > LONGEST_CELL:
        found.problems.append(RowProblem(row.place, "名称、简介或链接过长，不像账号资料"))
    else:
        found.rows.append(row)
