"""Both shipped scenarios run to their end by one command; the evaluation lists every deadline."""

import json

import pytest

from playbooks.core import documents
from playbooks.major_incident import drafting


@pytest.fixture
def evaluated(desk, tmp_path, monkeypatch):
    """Run a scenario and return its figures, its facts and the text of its evaluation sheet."""
    # The letters are looked at in test_incident_letters; here their way counts, not their pictures.
    monkeypatch.setattr(documents, "render_pdf", lambda letter, now: b"%PDF-")
    monkeypatch.setattr(documents, "render_docx", lambda document, now: b"PK")
    monkeypatch.setattr(drafting, "figures_of", lambda volume, published, now: {})

    def run(script):
        out = tmp_path / "drill"
        ran = desk.ask("drill", "major_incident", "--script", script, "--out", out)
        assert ran.code == 0, ran.err
        facts = json.loads((out / "演练评估.json").read_text(encoding="utf-8"))
        assert facts["problems"] == []
        assert desk.one("select count(*) from case_summary") == 0
        return ran.json["figures"], facts, (out / "演练评估.html").read_text("utf-8")

    return run


def refused(facts):
    return [refusal["step_id"] for refusal in facts["refusals"]]


def test_the_flood_rumour_is_cleared_up_and_what_article_22_forbids_is_refused(evaluated):
    told, facts, evaluation = evaluated("flood_rumour")
    assert (told["late"], told["open"], told["closed"]) == (1, 0, 1)
    assert told["deadlines"] == told["met"] + told["late"]
    assert refused(facts) == ["approve_statement", "publish_statement", "approve_statement"]
    assert all("第二十二条" in refusal["reason"] for refusal in facts["refusals"])
    assert "超时限 1小时 完成" in evaluation  # A0003 published only then
    assert "5 小时内发布权威信息" in evaluation


def test_the_takeover_before_a_holiday_wall_clocks_run_and_working_clocks_wait(evaluated):
    told, facts, evaluation = evaluated("account_takeover")
    assert (told["late"], told["open"], told["closed"]) == (1, 0, 1)
    assert refused(facts) == ["confirm_grade", "approve_statement"]
    # Four hours from 23:45 on the eve end in the holiday night, and it was reported too late.
    assert "计入 09-30 至 10-01 的时间；2026-10-01 01:45 第 1 级提醒" in evaluation
    assert "超时限 1小时5分钟 完成" in evaluation
    # Two working days armed on 1 October begin to count when the office opens again.
    assert "计入 2 天：10-08 至 10-09" in evaluation
    # What was reported is summed up: the thirty days run from the stand-down, through the holiday.
    assert "30 日内报送网络安全事件处置总结" in evaluation
    assert "复盘报告审核签发" in evaluation
    rungs = [
        message
        for message in facts["messages"]
        if message["title"].split("：")[-1] == "4 小时内报省级网信部门"
        and "时限" in message["title"]
    ]
    assert len({message["recipient"]["name"] for message in rungs}) == 3
    for message in rungs:
        assert "按自然时间计，夜间和休息日照计；今日国庆节放假" in message["body"]
