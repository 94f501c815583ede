"""A spot check from its draw to its circular through the commands, and what it refuses on the way."""

import openpyxl
import pytest

from playbooks.core import documents
from tests.flows.steps import off_roster

pytestmark = pytest.mark.usefixtures("held")


@pytest.fixture
def checked(desk, monkeypatch):
    """A spot check of two accounts, drawn; the letters' pictures are looked at elsewhere."""
    monkeypatch.setattr(documents, "render_pdf", lambda letter, now: b"%PDF-")
    monkeypatch.setattr(documents, "render_docx", lambda document, now: b"PK")
    ran = desk.ask("spot-check", "2026Q4", "--sample", 2, "--seed", "8-17", *by(desk))
    assert ran.code == 0, ran.err
    return ran.json["case_id"]


def by(desk, role="handler"):
    return ("--by", desk.people[role])


def record(desk, case_id, *words):
    return desk.run("check-items", case_id, *words, *by(desk))


def test_a_spot_check_runs_from_the_draw_to_the_circular(desk, checked):
    drawn = desk.rows("select account_id, draw_key from spot_check_account where is_drawn")
    frame = desk.rows("select draw_key from spot_check_account order by draw_key")
    assert sorted(key for _, key in drawn) == [key for (key,) in frame[:2]]
    progress = desk.ask("check-progress", checked)
    assert (progress.code, progress.json["total"]) == (1, 22)

    # What nobody has checked sends the step back, with the items named.
    said = ("--set", "remark=网上巡查与人工核验相结合")
    assert desk.ask("answer", checked, "check", *said, *by(desk)).code == 0
    assert "没有检查结果" in desk.run("case", checked).out
    assert desk.one("select max(visit) from case_step where step_id = 'check'") == 2

    assert "不能登记检查结果" in desk.run("check-items", checked, "--by", off_roster(desk)).err
    assert "不合格的必须写明" in record(desk, checked, "--verdict", "failed").err
    assert "没有账号" in record(desk, checked, "--accounts", "A9999").err
    assert "没有指标" in record(desk, checked, "--indicators", "followers").err
    assert record(desk, checked).code == 0  # what the system suggests, where it does
    first = drawn[0][0]
    bad = ("--accounts", first, "--indicators", "links", "--verdict", "failed")
    assert (
        record(desk, checked, *bad, "--note", "菜单断链", "--evidence", "https://x.invalid").code
        == 0
    )
    assert record(desk, checked, "--verdict", "passed", "--note", "已查看").code == 0
    assert desk.ask("check-progress", checked).code == 0

    assert desk.ask("answer", checked, "check", *said, *by(desk)).code == 0
    folder = desk.settings.outbox / checked
    assert {path.suffix for path in folder.glob("抽查底稿.*")} == {".xlsx", ".docx"}
    html = next(folder.glob("*通报.html")).read_text("utf-8")
    assert "随机抽查" in html
    assert "抽取种子为 8-17" in html
    # The failed item became a problem of the list, in a case of rectification of its sponsor.
    ((state, case_id),) = desk.rows(
        "select state, case_id from finding where finding_key = ?", f"spot_check:{first}:links"
    )
    assert (state, case_id[:4]) == ("accepted", "REC-")
    assert "已经汇总" in record(desk, checked).err
    assert desk.ask("audit").code == 0


def test_a_filled_worksheet_is_taken_in_and_its_faults_are_named_by_row(desk, checked, tmp_path):
    path = desk.settings.outbox / checked / "抽查底稿.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    head = [cell.value for cell in sheet[1]]
    result, seen = head.index("检查结果") + 1, head.index("检查所见") + 1
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, result, "合格")
    sheet.cell(3, result, "不合格")
    sheet.cell(4, result, "还行")
    filled = tmp_path / "填好.xlsx"
    book.save(filled)
    ran = record(desk, checked, "--worksheet", filled)
    assert ran.code == 1
    assert "第 3 行：不合格的必须写明检查所见；第 4 行：检查结果「还行」只能是" in ran.err
    sheet.cell(3, seen, "十天没有更新")
    sheet.cell(4, result).value = None
    book.save(filled)
    ran = record(desk, checked, "--worksheet", filled)
    assert "登记 21 项；已检查 21/22 项，不合格 1 项" in ran.out
    assert "没有新的结果" in record(desk, checked, "--worksheet", filled).out
    assert desk.one("select count(*) from stored_file where file_name = '填好.xlsx'") == 1


def test_the_next_check_looks_again_at_what_failed(desk, checked):
    (first, _) = sorted(
        a for (a,) in desk.rows("select account_id from spot_check_account where is_drawn")
    )
    record(
        desk,
        checked,
        "--accounts",
        first,
        "--indicators",
        "links",
        "--verdict",
        "failed",
        "--note",
        "断链",
    )
    desk.later(days=90)
    next_one = desk.ask("spot-check", "2027Q1", "--sample", 1, "--seed", "x", "--by", "P0013")
    case_id = next_one.json["case_id"]
    again = desk.rows(
        "select account_id, indicator from spot_check_item where is_recheck and case_id = ?",
        case_id,
    )
    assert again == [(first, "links")]


def test_a_failure_that_was_dismissed_is_put_to_a_person_again_by_the_next_check(desk, checked):
    ((first,), _) = desk.rows("select account_id from spot_check_account where is_drawn")
    failed = ("--accounts", first, "--indicators", "links", "--verdict", "failed", "--note", "断链")
    record(desk, checked, *failed)
    desk.ask("findings", "--derive")
    ((number,),) = desk.rows("select number from finding where code = 'spot_check'")
    desk.ask("settle-findings", "--dismiss", number, "--reason", "单位异议成立", *by(desk))
    desk.later(hours=1)
    desk.ask("findings", "--derive")
    state = "select state, facts from finding where code = 'spot_check'"
    assert desk.rows(state)[0][0] == "dismissed"
    another = desk.ask("spot-check", "2027Q1", "--sample", 1, "--seed", "x", *by(desk)).json
    desk.later(hours=1)
    record(desk, another["case_id"], *failed)
    desk.ask("findings", "--derive")
    ((now, facts),) = desk.rows(state)
    assert (now, another["case_id"] in facts) == ("open", True)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["2026"], "「季度」应写成 2026Q3，收到 2026"),
        (["2026Q3", "--sample", "0"], "「抽查个数」应为不小于 1 的整数"),
    ],
)
def test_what_can_never_be_drawn_opens_no_case(desk, arguments, word):
    ran = desk.ask("spot-check", *arguments, *by(desk))
    assert (ran.code, word in ran.json["error"]) == (1, True)
    assert desk.rows("select count(*) from case_summary") == [(0,)]
