"""One hostile name on every surface: chat, letter, spreadsheet, file name and page."""

from __future__ import annotations

import json
from io import BytesIO

import docx
import pytest
from openpyxl import load_workbook

import sql
from flows.links import addresses
from flows.operations.all_boards import all_boards
from flows.operations.case_page import case_markdown
from flows.operations.suspect_board import suspect_page
from flows.suspect_alarms import tell_suspects
from sql.catalogs import write
from tests.flows.steps import answer

NAMES = {
    '=HYPERLINK("http://x","长春新区发布")': "长春新区发布",
    "<!channel> 长春新区": "长春新区",
    "{{ config }}": "{{ config }}",
    "../../etc": "../../etc",
    "长春\u202e布发区新\u202c": "‹U+202E›布发区新‹U+202C›",
    "长" * 5_000: "……（原文共5000字，已截断）",
}
"""A name as an impostor chose it -> what a reader must find of it wherever it is shown."""

UNSEEN = ("\u202e", "\u202c", "](http://x")
MARKUP = ("<!channel>",)  # means something to Slack and to a browser; elsewhere it is a word


def waits(desk, name):
    """Put a suspect of that name into the queue, as a scan leaves it."""
    row = {
        **{"number": 1, "platform": "weibo", "display_name": name, "official_account_id": "A0002"},
        **{"score": 0.97, "reasons": f"整体相近：{name[:30]}", "place": "「检索.csv」第 2 行"},
        **{"bio": name, "status": "waiting", "first_seen_at": desk.now, "last_seen_at": desk.now},
    }
    with write(desk.settings.ops) as connection:
        sql.insert(connection, "suspect", [row])


@pytest.mark.parametrize(
    "name", NAMES, ids=["formula", "mention", "template", "path", "reversed", "5000"]
)
def test_a_hostile_name_is_readable_and_harmless_on_every_surface(desk, slack, name):
    waits(desk, name)
    where = addresses(desk.settings)
    assert tell_suspects(desk.settings, desk.now) == 1
    sheet = desk.home / "疑似账号.xlsx"
    assert desk.run("suspects", "--out", sheet).code == 0
    queue = suspect_page(desk.settings, where)
    by = ("--by", desk.people["handler"])
    case_id = desk.ask("review-suspects", "--accept", "1", *by).json["cases"]["1"]["case_id"]
    assert len(answer(desk, case_id, "verify", "verify").json["letters"]) == 9
    assert desk.run("dispatch").code == 0
    folder = desk.settings.outbox / case_id
    shown = {
        "chat": json.dumps([(m.text, m.blocks) for m in slack.messages], ensure_ascii=False),
        "letter": "\n".join(letter_text(path) for path in folder.glob("*.docx")),
        "sheet": cells(sheet),
        "page": case_markdown(desk.settings, case_id, desk.now, where),
        "boards": "\n".join(board.text for board in all_boards(desk.settings, desk.now, where)),
        "queue": queue,
    }
    for surface, text in shown.items():
        unwanted = UNSEEN if surface in ("letter", "sheet") else (*UNSEEN, *MARKUP)
        assert not [bad for bad in unwanted if bad in text], surface
        assert plain(NAMES[name]) in plain(text), surface
    for path in folder.iterdir():
        assert path.resolve().parent == folder.resolve()
        assert not set(path.name) & set('/\\<>|"\u202e')
        assert len(path.name.encode()) < 255
    assert all(line.startswith("|") for line in queue.splitlines() if line.endswith(" |"))


def letter_text(path):
    word = docx.Document(BytesIO(path.read_bytes()))
    cells = (cell.text for table in word.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in word.paragraphs), *cells])


def cells(path):
    """Return the text of every cell; a formula anywhere fails."""
    found = []
    for sheet in load_workbook(path):
        for row in sheet.iter_rows():
            found += [str(cell.value) for cell in row if cell.value is not None]
            assert not [cell.coordinate for cell in row if cell.data_type == "f"]
    return "\n".join(found)


def plain(text):
    """Return *text* without what Markdown, HTML and Slack write in front of their own signs."""
    return text.replace("\\", "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
