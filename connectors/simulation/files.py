"""Writes the example files of the district; the same district gives the same bytes anywhere."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from io import StringIO
from pathlib import Path

from connectors.simulation.deterministic_xlsx import Cell, workbook_bytes
from connectors.simulation.district import District
from connectors.simulation.register_tables import register_tables

REGISTER_WORKBOOK = "register/云杉新区政务新媒体台账.xlsx"


def example_files(district: District) -> dict[str, bytes]:
    """Return path inside the folder -> bytes of every generated example."""
    return _register_files(district)


def write_examples(folder: Path, district: District) -> list[Path]:
    """Write every example under *folder* and return the paths, replacing what was there."""
    written: list[Path] = []
    for name, content in example_files(district).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(path)
    return written


def csv_text(rows: Sequence[Sequence[Cell]]) -> str:
    """Return rows as CSV with CRLF line ends, days as 2026-11-20 and gaps as nothing."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([_plain(value) for value in row])
    return buffer.getvalue()


def _register_files(district: District) -> dict[str, bytes]:
    tables = register_tables(district)
    files = {REGISTER_WORKBOOK: workbook_bytes(tables)}
    for name, rows in tables.items():
        # The byte-order mark is what makes a double click open Chinese text correctly.
        files[f"register/csv/{name}.csv"] = csv_text(rows).encode("utf-8-sig")
    return files


def _plain(value: Cell) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return value
