"""Read one Excel workbook from standard input and print its cells as JSON; a process of its own.

The reading library allocates what a file *claims* to hold: one cell in the last corner of a sheet
asks for 512 GB and aborts the process, and some truncated files make it panic. So it runs here,
under limits of memory, time and output, and its death is an ordinary refusal to the caller
(``connectors.spreadsheet``). Formulas are not evaluated: a cell is the value that was stored.
"""

from __future__ import annotations

import datetime
import io
import json
import re
import resource
import sys
import zipfile
from typing import Any

MAX_MEMORY_BYTES = 3 * 1024**3
MAX_CPU_S = 60

_FORMULA = re.compile(rb"<f[ >/]")


def main() -> None:
    """Print ``{"sheets": [{"name", "rows"}], "has_formulas"}`` or ``{"refused": word}``; argv: cells, bytes out."""
    max_cells, max_output_bytes = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_S, MAX_CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (max_output_bytes, max_output_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    json.dump(_read(sys.stdin.buffer.read(), max_cells), sys.stdout)  # ASCII in every locale


def _read(content: bytes, max_cells: int) -> dict[str, Any]:
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_object(  # pyright: ignore[reportUnknownMemberType]
            io.BytesIO(content)
        )
        sheets: list[dict[str, Any]] = []
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            last_row, last_column = sheet.end or (0, 0)
            max_cells -= (last_row + 1) * (last_column + 1)
            if max_cells < 0:
                return {"refused": "too_many_cells"}
            rows = sheet.to_python(skip_empty_area=False)
            sheets.append({"name": name, "rows": [[_cell(cell) for cell in row] for row in rows]})
    except python_calamine.PasswordError:
        return {"refused": "encrypted"}
    except (python_calamine.CalamineError, OSError):
        return {"refused": "damaged"}
    return {"sheets": sheets, "has_formulas": _has_formulas(content)}


def _has_formulas(content: bytes) -> bool:
    """Say whether an .xlsx holds a formula: its stored value is whatever its maker wrote there."""
    if not content.startswith(b"PK"):
        return False
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/"):
                continue
            tail = b""
            with archive.open(name) as part:
                while chunk := part.read(1024**2):
                    if _FORMULA.search(tail + chunk):
                        return True
                    tail = chunk[-3:]
    return False


def _cell(value: object) -> object:
    """Return the cell as JSON; days and instants as one-key objects, so that text stays text."""
    if isinstance(value, datetime.datetime):
        return {"at": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"on": value.isoformat()}
    if isinstance(value, (datetime.time, datetime.timedelta)):
        return str(value)
    return value


if __name__ == "__main__":
    main()
