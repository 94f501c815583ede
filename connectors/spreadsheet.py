"""Read any tabular file a person was given: what it is, is decided by its bytes, never its name.

``read_tables`` takes HTML tables named .xls (UTF-8), BIFF .xls, .xlsx (broken stylesheets included)
and CSV or TSV in UTF-8, UTF-16 or GB18030. Every bound is stated in ``Limits``; nothing is
evaluated, fetched or written. ``connectors.cells`` turns cells into numbers and days.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import cast

from connectors.text_tables import TextTableError, parse_text_tables
from sql.refusal import Refusal

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGIC = b"PK"
OTHER_KINDS = {
    b"\x89PNG": "PNG 图片",
    b"\xff\xd8\xff": "JPEG 图片",
    b"GIF8": "GIF 图片",
    b"BM": "BMP 图片",
    b"%PDF": "PDF 文件",
    b"Rar!": "RAR 压缩包",
    b"7z\xbc\xaf\x27\x1c": "7z 压缩包",
    b"\x1f\x8b": "gzip 压缩包",
    b"{\\rtf": "RTF 文档",
}
# BIFF: a BOF record of 16 bytes, perhaps WRITEPROT, then FILEPASS: everything behind is encrypted.
_BIFF_PASSWORD = re.compile(rb"\x09\x08\x10\x00.{16}(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL)
EXPORT_AGAIN = "请在平台后台重新导出后再导入"
_PROCESS = Path(__file__).with_name("workbook_process.py")


class UnreadableFileError(Refusal, ValueError):
    """A file that cannot be read as a table; the Chinese sentence says which, why, and what to do."""

    def __init__(self, file_name: str, problem: str, advice: str) -> None:
        """Compose the sentence from its three parts, which stay readable as attributes."""
        super().__init__(f"「{file_name}」{problem}；{advice}。")
        self.file_name, self.problem, self.advice = file_name, problem, advice


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on a file; above any of them it is refused."""

    max_bytes: int = 50 * 1024**2
    max_unpacked_bytes: int = 300 * 1024**2
    max_cells: int = 2_000_000
    max_output_bytes: int = 500 * 1024**2
    timeout_s: float = 90.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its rows from the first row and column on, blank cells as empty text.

    A cell is text, a number, a bool, a ``date`` or a naive local ``datetime``. Rows may differ in
    length; trailing blank rows are cut. ``has_formulas`` says whether the workbook holds any; their
    cells are the values that were stored. It is not looked for in BIFF.
    """

    name: str
    rows: list[list[object]]
    has_formulas: bool = False


def read_tables(
    source: Path | bytes, file_name: str | None = None, limits: Limits | None = None
) -> list[Sheet]:
    """Return every table of the file, in its order.

    Args:
        source: a path, or the file's bytes.
        file_name: the name to use in sentences; by default the path's own.
        limits: bounds; the default suits a back-office export.

    Raises:
        UnreadableFileError: too large, empty, truncated, encrypted, or not a table at all.
        OSError: the path cannot be read.
    """
    limits = limits or Limits()
    name = file_name or (source.name if isinstance(source, Path) else "上传的文件")
    content = _bounded_bytes(source, name, limits)
    if content.startswith(ZIP_MAGIC):
        _check_zip(content, name, limits)
        return _read_workbook(content, name, limits)
    if content.startswith(OLE_MAGIC):
        _check_ole(content, name)
        return _read_workbook(content, name, limits)
    for magic, kind in OTHER_KINDS.items():
        if content.startswith(magic):
            raise UnreadableFileError(name, f"实际是{kind}，不是数据表", "请选择后台导出的原始文件")
    try:
        tables = parse_text_tables(content, limits.max_cells)
    except TextTableError as error:
        raise UnreadableFileError(name, error.problem, error.advice) from error
    return [Sheet(title, _without_blank_end(rows)) for title, rows in tables]


def _bounded_bytes(source: Path | bytes, name: str, limits: Limits) -> bytes:
    if isinstance(source, Path):
        with source.open("rb") as file:
            source = file.read(limits.max_bytes + 1)
    if len(source) > limits.max_bytes:
        size = limits.max_bytes // 1024**2
        raise UnreadableFileError(name, f"超过 {size} MB", "请缩短导出的日期范围后再导入")
    if not source.strip(b"\x00\r\n\t \xef\xbb\xbf"):
        raise UnreadableFileError(name, "是空文件", EXPORT_AGAIN)
    return source


def _check_zip(content: bytes, name: str, limits: Limits) -> None:
    """Refuse what is no workbook or unpacks too far, judged by the archive's own directory.

    A directory that lies about sizes meets the memory limit of the reading process.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableFileError(name, "不完整或已损坏", EXPORT_AGAIN) from error
    names = {member.filename for member in members}
    if not names & {"xl/workbook.xml", "xl/workbook.bin"}:
        kind = "Word 文档" if "word/document.xml" in names else "压缩包"
        raise UnreadableFileError(
            name, f"实际是{kind}，不是工作簿", "请选择其中的 .xls 或 .xlsx 文件"
        )
    if sum(member.file_size for member in members) > limits.max_unpacked_bytes:
        size = limits.max_unpacked_bytes // 1024**2
        raise UnreadableFileError(name, f"解压后超过 {size} MB，已拒绝", EXPORT_AGAIN)
    if any(member.flag_bits & 1 for member in members):
        raise _encrypted(name)


def _check_ole(content: bytes, name: str) -> None:
    """Refuse OLE files that hold no BIFF workbook; stream names stand in the file in UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in content or _BIFF_PASSWORD.search(content):
        raise _encrypted(name)
    if not any(title.encode("utf-16-le") in content for title in ("Workbook", "Book")):
        raise UnreadableFileError(name, "不是完整的 Excel 工作簿", EXPORT_AGAIN)


def _encrypted(name: str) -> UnreadableFileError:
    return UnreadableFileError(name, "设有打开密码", "请去掉密码另存后再导入")


def _read_workbook(content: bytes, name: str, limits: Limits) -> list[Sheet]:
    damaged = UnreadableFileError(name, "不完整或已损坏", EXPORT_AGAIN)
    with tempfile.TemporaryFile() as output:
        try:
            # Fixed program, fixed arguments; the file arrives on standard input.
            finished = subprocess.run(  # noqa: S603
                [
                    sys.executable,
                    "-I",
                    str(_PROCESS),
                    str(limits.max_cells),
                    str(limits.max_output_bytes),
                ],
                input=content,
                stdout=output,
                stderr=subprocess.DEVNULL,
                timeout=limits.timeout_s,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise UnreadableFileError(name, "读取超时", EXPORT_AGAIN) from error
        if finished.returncode != 0:
            raise damaged
        output.seek(0)
        answer = cast("dict[str, object]", json.load(output))
    refused = answer.get("refused")
    if refused == "encrypted":
        raise _encrypted(name)
    if refused == "too_many_cells":
        problem = f"单元格超过 {limits.max_cells} 个"
        raise UnreadableFileError(name, problem, "请缩短导出的日期范围，或删去空白行列后再导入")
    if refused is not None:
        raise damaged
    sheets = cast("list[dict[str, object]]", answer["sheets"])
    return [_sheet(sheet, has_formulas=bool(answer["has_formulas"])) for sheet in sheets]


def _sheet(sheet: dict[str, object], *, has_formulas: bool) -> Sheet:
    rows = cast("list[list[object]]", sheet["rows"])
    cells = _without_blank_end([[_cell(cell) for cell in row] for row in rows])
    return Sheet(str(sheet["name"]), cells, has_formulas)


def _cell(value: object) -> object:
    """Undo the encoding of days and instants of ``workbook_process``."""
    if isinstance(value, dict):
        (key, text), *_ = cast("dict[str, str]", value).items()
        return date.fromisoformat(text) if key == "on" else datetime.fromisoformat(text)
    return value


def _without_blank_end(rows: list[list[object]]) -> list[list[object]]:
    while rows and all(cell == "" for cell in rows[-1]):
        rows.pop()
    return rows
