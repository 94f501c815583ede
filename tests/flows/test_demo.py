"""``juzhen demo``: the story and the figures kept in ``sample/demo``, and everything it promises to leave.

Kept texts are sterner than a second demo: they hold from one day and one machine to the next. After
a change that is meant, ``JUZHEN_REWRITE_GOLDEN=1`` writes them anew; read the difference.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import openpyxl
import pytest

SCRIPT = Path(sys.executable).with_name("juzhen")
KEPT = Path(__file__).parent / "sample" / "demo"
LONGEST_S = 300


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> tuple[Path, str]:
    """A demo's folder and what it told."""
    folder = tmp_path_factory.mktemp("demo") / "out"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JUZHEN_")}
    told = subprocess.run(
        [SCRIPT, "demo", "--out", folder],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=kept,
        cwd=folder.parent,
        timeout=LONGEST_S,
        check=False,
    )
    assert told.returncode == 0, told.stdout
    return folder, told.stdout.replace(str(folder), "OUT")


def test_the_story_is_the_kept_one(demo):
    _, told = demo
    assert told == kept("story.txt", told)
    assert "审计通过" in told
    assert "哈希链完好" in told


def test_it_leaves_what_was_promised(demo):
    folder, _ = demo
    names = {path.name for path in folder.iterdir()}
    assert names >= {"nightly-summary.md", "case", "chat.html", "packet", "findings.xlsx"}
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


def test_the_packet_has_the_kept_figures(demo):
    folder, _ = demo
    book = openpyxl.load_workbook(folder / "packet" / "figures.xlsx", read_only=True)
    lines = [
        "\t".join([sheet.title, *(text(cell) for cell in row)])
        for sheet in book.worksheets
        # Of the thousand items the first ones will do: the shape of the sheet, not every title.
        for row in sheet.iter_rows(
            values_only=True, max_row=20 if sheet.title == "内容明细" else None
        )
    ]
    book.close()
    assert lines == kept("figures.tsv", "\n".join(lines)).split("\n")


def test_the_ledger_has_the_kept_shape(demo):
    folder, _ = demo
    with duckdb.connect(str(folder / "data" / "ops.duckdb"), read_only=True) as connection:
        events = connection.execute(
            "select case_id, event_type from case_event order by position"
        ).fetchall()
    shape = "\n".join("\t".join(event) for event in events)
    assert shape == kept("ledger.tsv", shape)


def test_the_night_is_told_as_kept(demo):
    folder, _ = demo
    told = (folder / "nightly-summary.md").read_text(encoding="utf-8")
    assert told == kept("nightly-summary.md", told)


def text(cell: object) -> str:
    if isinstance(cell, float):
        return f"{cell:.10g}"  # the last digits depend on the order in which threads add up
    return "" if cell is None else str(cell)


def kept(name: str, now: str) -> str:
    """Return the kept text *name*; *now* replaces it when somebody asks for that."""
    path = KEPT / name
    if os.environ.get("JUZHEN_REWRITE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(now, encoding="utf-8")
    return path.read_text(encoding="utf-8")
