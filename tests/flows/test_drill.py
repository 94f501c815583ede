"""A drill plays the whole engine on a simulated clock, sends nothing and touches nothing real."""

import json

import pytest

from flows.operations.drill_script import read_script, shipped_scripts
from flows.settings import SettingsError
from tests.flows.test_case_file import text_of


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
