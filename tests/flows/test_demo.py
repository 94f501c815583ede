"""``juzhen demo`` twice: the same story, the same figures, and everything it promises to leave."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import openpyxl
import pytest

SCRIPT = Path(sys.executable).with_name("juzhen")
LONGEST_S = 300


@pytest.fixture(scope="module")
def demos(tmp_path_factory) -> list[tuple[Path, str]]:
    """Two demos side by side: folder and what each told."""
    folders = [tmp_path_factory.mktemp("demo") / "out" for _ in range(2)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JUZHEN_")}
    running = [
        subprocess.Popen(
            [SCRIPT, "demo", "--out", folder],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=kept,
            cwd=folder.parent,
        )
        for folder in folders
    ]
    told = [process.communicate(timeout=LONGEST_S)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0], told
    return list(zip(folders, told, strict=True))


def test_both_tell_the_same_story(demos):
    stories = [told.replace(str(folder), "OUT") for folder, told in demos]
    assert stories[0] == stories[1]
    assert "审计通过" in stories[0]
    assert "哈希链完好" in stories[0]
    assert "Traceback" not in stories[0]


def test_both_leave_what_was_promised(demos):
    for folder, _ in demos:
        names = {path.name for path in folder.iterdir()}
        assert names >= {"nightly-summary.md", "case", "chat.html", "packet"}
        kinds = [path.suffix for path in (folder / "case").iterdir()]
        assert {kind: kinds.count(kind) for kind in (".docx", ".pdf", ".html", ".md")} == {
            ".docx": 3,
            ".pdf": 3,
            ".html": 3,
            ".md": 1,
        }
        packet = {path.name for path in (folder / "packet").iterdir()}
        assert packet >= {"report.docx", "report.pdf", "figures.xlsx", "manifest.json"}
        assert "关停后观察" in (folder / "case" / "case.md").read_text(encoding="utf-8")


def test_both_have_the_same_figures(demos):
    first, second = (figures(folder) for folder, _ in demos)
    assert first == second
    assert sum(len(rows) for rows in first.values()) > 100


def test_both_ledgers_are_of_one_length_and_shape(demos):
    first, second = (ledger(folder) for folder, _ in demos)
    assert first == second
    assert len(first) > 100


def test_both_nights_are_told_alike(demos):
    first, second = (
        (folder / "nightly-summary.md").read_text(encoding="utf-8") for folder, _ in demos
    )
    assert first == second


def figures(folder: Path) -> dict[str, list[tuple]]:
    book = openpyxl.load_workbook(folder / "packet" / "figures.xlsx", read_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def ledger(folder: Path) -> list[tuple]:
    with duckdb.connect(str(folder / "data" / "ops.duckdb"), read_only=True) as connection:
        return connection.execute(
            "select case_id, event_type from case_event order by position"
        ).fetchall()
