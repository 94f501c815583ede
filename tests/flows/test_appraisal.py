"""The annual appraisal through its commands: entries, appeals that wait, the result and its letters."""

import pytest

from playbooks.core import documents

pytestmark = pytest.mark.usefixtures("held")


def by(desk, role="handler"):
    return ("--by", desk.people[role])


@pytest.fixture
def opened(desk, monkeypatch):
    monkeypatch.setattr(documents, "render_pdf", lambda letter, now: b"%PDF-")
    monkeypatch.setattr(documents, "render_docx", lambda document, now: b"PK")
    opening = ("open", "--playbook", "appraisal", "--set", "year=2026", *by(desk))
    return desk.ask(*opening).json["case_id"]


def enter(desk, kind, rule, points, words="说明", role="handler"):
    return desk.run(
        *("appraise", kind, 2026, "--unit", "U012", "--rule", rule, "--points", points),
        *("--words", words, *by(desk, role)),
    )


def answer(desk, case_id, step, role, *said):
    words = [word for one in said for word in ("--set", one)]
    ran = desk.ask("answer", case_id, step, *words, *by(desk, role))
    assert ran.code == 0, ran.err


def total(desk):
    (one,) = [s for s in desk.ask("appraisal", 2026).json["scores"] if s["unit_id"] == "U012"]
    return one["total"]


def test_the_year_is_appraised_and_an_appeal_waits_for_its_ruling(desk, opened):
    folder = desk.settings.outbox / opened
    assert {path.name for path in folder.iterdir()} == {"考核依据.xlsx", "单位自评表.xlsx"}
    assert total(desk) == 100
    assert enter(desk, "self_report", "service", 5).code == 0
    assert total(desk) == 100  # what a unit says of itself scores nothing
    assert enter(desk, "score", "service", 4).code == 0
    assert enter(desk, "score", "duties", 3, role="reviewer").code == 0
    assert total(desk) == 101
    for kind, rule, role, word in (
        ("score", "stale", "handler", "不能打分"),
        ("score", "followers", "handler", "考核规则中没有 followers"),
        ("score", "duties", "signer", "不在「经办、审核」的值班表上，不能评定考核分；现在可请"),
        ("ruling", "duties", "handler", "不在「审核、签发、带班领导」的值班表上，不能裁定申诉"),
        ("ruling", "duties", "reviewer", "没有就「制度、值守、信息报送不落实」申诉"),
    ):
        ran = enter(desk, kind, rule, 1, role=role)
        assert (ran.code, word in ran.err) == (1, True), ran.err
    for points in ("nan", -5, 1e9):
        assert "分数应为 0 至 100" in enter(desk, "score", "duties", points).err

    answer(desk, opened, "self_reports", "handler", "collected=collected")
    answer(desk, opened, "score", "handler", "remark=已全部评定")
    answer(desk, opened, "agree", "reviewer", "decision=agree")
    said = ("decision=approve", "confirmed=checked")
    answer(desk, opened, "approve_proposed", "reviewer", *said)
    answer(desk, opened, "approve_proposed", "signer", *said)
    sent = ("sending=sent", "sent_by=政务系统", "receipt=已签收")
    answer(desk, opened, "send_proposed", "handler", *sent)
    assert enter(desk, "appeal", "duties", 0, "值守记录齐全").code == 0
    answer(desk, opened, "appeals", "reviewer", "appealed=ruled")
    assert "还有申诉没有裁定" in desk.run("case", opened).out
    # Whoever gave the score does not rule on it.
    assert "就是该项的评分人" in enter(desk, "ruling", "duties", 1, role="reviewer").err
    assert enter(desk, "ruling", "duties", 1, "部分成立", role="signer").code == 0
    answer(desk, opened, "appeals", "reviewer", "appealed=ruled")
    assert total(desk) == 103
    html = next(folder.glob("*考核情况的通报.html")).read_text("utf-8")
    assert "裁定扣 1 分：部分成立" in html
    assert "考核规则为系统所带示例" in html  # the reviewer is told, the letter says 示例
    assert (folder / "考核结果.xlsx").is_file()


def test_rules_that_score_followers_stop_the_appraisal_with_a_sentence(desk):
    rules = (
        "version: 1\nlabel: 本区\nsource: 本区规定\nfull_marks: 100\nbonus_cap: 10\nbonus_from: 80\n"
        "grades: [{name: 合格, at_least: 0}]\ngroups: {}\n"
        "deductions: [{code: fans, title: 粉丝数下降, article: x, measure: manual, cap: 5}]\n"
    )
    (desk.settings.home / "appraisal.yml").write_text(rules, encoding="utf-8")
    ran = desk.run("appraisal", 2026)
    assert (ran.code, "「粉丝数下降」不得计分" in ran.err) == (1, True)
    opening = ("open", "--playbook", "appraisal", "--set", "year=2026", *by(desk))
    case_id = desk.ask(*opening).json["case_id"]
    assert "不得计分" in desk.run("case", case_id).out
