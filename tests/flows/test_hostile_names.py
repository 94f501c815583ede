"""Names and notes that somebody chose in order to be rendered: they arrive as text everywhere."""

from __future__ import annotations

import json

import pytest

from flows.links import FORMS_NOTE, addresses
from flows.operations.all_boards import all_boards
from flows.operations.boards import markdown_text
from flows.operations.case_page import case_markdown
from flows.operations.files import FileProblemError, keep_from_inbox
from tests.flows.steps import answer, open_one


@pytest.mark.parametrize(
    "name", ["../office.yml", "/etc/passwd", "a/b", "..", "", "  ", "不在.png"]
)
def test_inbox_names_lead_nowhere_else(desk, name):
    desk.settings.inbox.mkdir()
    with pytest.raises(FileProblemError):
        keep_from_inbox(desk.settings, [name])


# Those that an impostor is most likely to choose go the same way from the scan on, and into a
# spreadsheet, in test_hostile_suspects.py.
HOSTILE = [
    "<!channel> 长春新区 <script>alert(1)</script>{% for x in y %}",
    "../../etc/passwd\u202e布发区新\u202c\u0007",
    "云杉'; drop table outbox; --",
    "*粗体* | 表格 | [链接](http://x)",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_goes_all_the_way_and_is_only_text(desk, slack, name):
    case_id = open_one(desk, name=name)["case_id"]
    ran = answer(desk, case_id, "verify", "verify")
    assert len(ran.json["letters"]) == 9
    outbox = (desk.settings.outbox / case_id).resolve()
    for path in outbox.iterdir():
        assert path.resolve().parent == outbox
        assert not set(path.name) & set('/\\<>|"\u202e')
    for path in outbox.glob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert "<script>" not in page
        assert "\u202e" not in page
    assert desk.run("dispatch").code == 0
    assert slack.messages
    for message in slack.messages:
        shown = json.dumps([message.text, message.blocks], ensure_ascii=False, default=str)
        assert "<!channel>" not in shown
        assert "<script>" not in shown
        assert "\u202e" not in shown
    where = addresses(desk.settings)
    boards = [board.text for board in all_boards(desk.settings, desk.now, where)]
    page = case_markdown(desk.settings, case_id, desk.now, where)
    for text in (*boards, page, desk.run("cases").out, desk.run("case", case_id).out):
        assert "\u202e" not in text
        assert "\u0007" not in text
    for text in (*boards, page):
        assert "<script>" not in text
        assert "](http://x)" not in text
        assert all(line.startswith("|") for line in text.splitlines() if line.endswith(" |"))
    assert desk.ask("verify").json["holds"] is True


def test_an_address_is_shown_and_never_a_link():
    shown = markdown_text('=HYPERLINK("http://x","点我") HTTPS://y.invalid www.z.invalid')
    assert shown == '=HYPERLINK\\("http：//x","点我"\\) HTTPS：//y.invalid www．z.invalid'


def test_a_name_of_5000_characters_is_refused_with_its_length(desk):
    ran = desk.ask(
        *("open", "--set", "platform=weibo", "--set", f"display_name={'长' * 5000}"),
        *("--set", "channel=hotline", "--by", desk.people["handler"]),
    )
    assert ran.code == 1
    assert "不得超过 200 字，现有 5000 字" in ran.json["error"]
    assert len(ran.json["error"]) < 200


@pytest.mark.parametrize("note", ["", "{", "[1, 2]", "\xff", '{"IMP/verify": 7}'])
def test_a_broken_note_of_the_forms_costs_the_link_only(desk, slack, case_id, note):
    (desk.home / FORMS_NOTE).write_bytes(note.encode("latin-1"))
    assert desk.run("dispatch").code == 0
    assert desk.run("case", case_id).code == 0
    assert len(slack.messages) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("case", "IMP-\udcff"),
        ("open", "--set", "display_name=\udcff", "--by", "P0001"),
        (
            "hand-over",
            "IMP-2026-0001",
            "verify",
            "--to",
            "P0001",
            "--reason",
            "\udcff",
            "--by",
            "x",
        ),
        ("packet", "\udcff"),
    ],
    ids=["case", "open", "hand-over", "packet"],
)
def test_bytes_that_are_no_text_are_a_sentence(desk, arguments):
    ran = desk.ask(*arguments)
    assert (ran.code, "UTF-8" in ran.json["error"]) == (1, True)
