"""What a person would read in the finished files."""

from __future__ import annotations

from pathlib import Path

import docx
import openpyxl
from docx.table import Table
from docx.text.paragraph import Paragraph


def docx_text(path: Path) -> str:
    """Return paragraphs and tables in reading order; cells parted by a bar."""
    lines = []
    for block in docx.Document(str(path)).iter_inner_content():
        if isinstance(block, Paragraph):
            lines.append(block.text)
        elif isinstance(block, Table):
            lines += [" | ".join(cell.text for cell in row.cells) for row in block.rows]
    return "\n".join(line for line in lines if line.strip()) + "\n"


def docx_rows(path: Path, caption: str) -> list[list[str]]:
    """Return the rows of the table under the caption that ends with *caption*, headings first."""
    found = False
    for block in docx.Document(str(path)).iter_inner_content():
        if isinstance(block, Paragraph):
            found = found or block.text.endswith(caption)
        elif found:
            return [[cell.text for cell in row.cells] for row in block.rows]
    raise AssertionError(f"no table {caption}")


def xlsx_rows(path: Path, sheet: str) -> list[list[object]]:
    """Return the rows of *sheet*, headings first."""
    workbook = openpyxl.load_workbook(path)
    return [list(row) for row in workbook[sheet].iter_rows(values_only=True)]
