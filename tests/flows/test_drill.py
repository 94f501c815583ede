"""A drill plays the whole engine on a simulated clock, sends nothing and touches nothing real."""

import json

import pytest

from flows.operations import shipped as shipped_playbooks
from flows.operations.drill_script import read_script, shipped_scripts
from flows.settings import SettingsError
from tests.flows.test_case_file import text_of
from tests.support.casework import SMALL


def test_the_shipped_drill_tells_what_would_have_happened_when(desk, tmp_path):
    out = tmp_path / "drill"
    ran = desk.ask("drill", "impersonation", "--script", "late_handler", "--out", out)
    assert ran.code == 0, ran.err
    told = ran.json["figures"]
    assert (told["late"], told["open"], told["closed"], told["refused_answers"]) == (1, 0, 1, 0)
    # Verification was due at 14:30: 75% at 13:30, the end, and two working hours on.
    evaluation = text_of(out / "演练评估.docx")
    for at in (
        "2026-11-23 13:30 第 1 级提醒",
        "2026-11-23 14:30 第 2 级提醒",
        "2026-11-23 16:30 第 3 级",
    ):
        assert at in evaluation
    assert "超时限 18小时30分钟 完成" in evaluation
    letters = list((out / "函件").glob("*.html"))
    assert letters
    assert all("演练" in path.read_text(encoding="utf-8") for path in letters)
    facts = json.loads((out / "演练评估.json").read_text(encoding="utf-8"))
    assert all("【演练】" in message["body"] for message in facts["messages"])
    assert desk.one("select count(*) from case_summary") == 0
    assert desk.one("select count(*) from outbox") == 0


SCRIPT = """\
title: 无人办理
playbook: impersonation
starts_at: 2026-11-23T09:00+08:00
ends_at: 2026-11-25T18:00+08:00
inputs: {platform: weibo, display_name: 甲, channel: inspection}
answers:
  - {at: +1h, step: verify, by: signer, answers: {verdict: impersonation, reason: 同名, harm: none}}
"""


def test_an_answer_that_would_be_refused_is_told_and_the_drill_goes_on(desk, tmp_path):
    path = tmp_path / "script.yml"
    path.write_text(SCRIPT, encoding="utf-8")
    ran = desk.ask("drill", "impersonation", "--script", path, "--out", tmp_path / "drill")
    assert ran.code == 0
    told = ran.json["figures"]
    assert (told["refused_answers"], told["rungs"], told["open"], told["closed"]) == (1, 3, 1, 0)
    again = desk.ask("drill", "impersonation", "--script", path, "--out", tmp_path / "drill")
    assert "已有文件" in again.err


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("at: +1h", "at: soon", "应如 +30m"),
        ("title: 无人办理", "titel: 无人办理", "titel"),
        ("ends_at: 2026-11-25", "ends_at: 2026-11-20", "ends_at 应晚于 starts_at"),
        ("T09:00+08:00", "T09:00", "须带时区"),
        ("title: ", "title: [", "不是可读的 YAML"),
    ],
)
def test_a_script_that_cannot_be_played_says_where(tmp_path, old, new, word):
    path = tmp_path / "script.yml"
    path.write_text(SCRIPT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SettingsError, match=word.replace("+", r"\+")):
        read_script(path)


def test_every_shipped_script_can_be_read():
    assert shipped_scripts()
    for path in shipped_scripts().values():
        assert read_script(path).playbook == path.parent.parent.name


YEAR = """\
year: 2026
notice: {document_number: 示例〔2026〕1号, issued_on: 2026-11-20, url: https://example.org/notice}
off_days:
  - {name: 元旦, first: 2026-01-01, last: 2026-01-03}
  - {name: 春节, first: 2026-02-15, last: 2026-02-23}
  - {name: 国庆节, first: 2026-10-01, last: 2026-10-07}
  - {name: 本地假日, first: 2026-11-23, last: 2026-11-23}
make_up_days: []
"""


def test_a_drill_runs_by_the_calendar_of_the_office(desk, tmp_path):
    (tmp_path / "years").mkdir()
    (tmp_path / "years" / "2026.yml").write_text(YEAR, encoding="utf-8")
    desk.monkeypatch.setenv("JUZHEN_CALENDAR", str(tmp_path / "years"))
    path = tmp_path / "script.yml"
    path.write_text(SCRIPT, encoding="utf-8")
    ran = desk.ask("drill", "impersonation", "--script", path, "--out", tmp_path / "drill")
    assert ran.code == 0, ran.err
    # Monday is a holiday here: four working hours from Monday morning end on Tuesday at 14:00.
    evaluation = text_of(tmp_path / "drill" / "演练评估.docx")
    assert "2026-11-24 14:00 第 2 级提醒" in evaluation


BIG = """\
id: big
version: 1
title: 大预案
case_prefix: BIG
basis: [{text: 内部工作规程}]
inputs: [{name: title, title: 事项, type: text}]
roles: {handler: {title: 经办人, roster: handler}}
dedupe: {key: [title]}
start: elsewhere
outcomes: {done: 已办}
steps:
  - {id: elsewhere, type: sub_playbook, title: 转办, playbook: small@1, inputs: {title: input.title}, next: told}
  - {id: told, type: notify, title: 知会, to: handler, next: close}
  - {id: close, type: end, title: 办结, outcome: done}
"""
SUB_SCRIPT = """\
title: 转办
playbook: big
starts_at: 2026-11-23T09:00+08:00
ends_at: 2026-11-25T18:00+08:00
inputs: {title: 甲}
answers:
  - {at: +1h, step: look, within: [elsewhere], by: handler, answers: {verdict: good}}
  - {at: +2h, step: look, within: [elsewhere], by: handler, answers: {verdict: good}}
"""


def test_a_drill_answers_the_cases_that_its_case_opened(desk, tmp_path):
    for name, text in (("big", BIG), ("small", SMALL)):
        (tmp_path / "playbooks" / name).mkdir(parents=True)
        (tmp_path / "playbooks" / name / "playbook.yml").write_text(text, encoding="utf-8")
    desk.monkeypatch.setattr(shipped_playbooks, "PLAYBOOKS", tmp_path / "playbooks")
    path = tmp_path / "script.yml"
    path.write_text(SUB_SCRIPT, encoding="utf-8")
    ran = desk.ask("drill", "big", "--script", path, "--out", tmp_path / "drill")
    assert ran.code == 0, ran.err
    told = ran.json["figures"]
    assert (told["closed"], told["open"], told["refused_answers"]) == (2, 0, 1)
    evaluation = text_of(tmp_path / "drill" / "演练评估.docx")
    assert "现在没有启动的子预案" in evaluation
