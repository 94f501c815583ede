"""The file of one case: complete, without personal data, and able to show that nothing was changed."""

import io
import json
import subprocess
import sys
import zipfile

import docx
import pytest

from flows.operations import actions
from playbooks.core.playbook.actions import ACTIONS
from tests.flows.steps import answer, open_one


@pytest.fixture
def made(desk, tmp_path):
    told = ("--set", "description=市民王小明来电，电话13800001234，邮箱wang@example.org")
    case_id = open_one(desk, "云衫新区发布", "hotline:1", *told)["case_id"]
    by = desk.people["handler"]
    desk.later(hours=1)
    pause = ("--reason", "awaiting_reporter", "--by", by)
    assert desk.ask("pause", f"{case_id}/verify/1", *pause).code == 0
    desk.later(days=1)
    assert desk.ask("resume", f"{case_id}/verify/1", "--by", by).code == 0
    picture = desk.home / "截图.png"
    picture.write_bytes(b"png")
    answer(desk, case_id, "verify", "verify", "handler", "--file", picture)
    folder = tmp_path / "file"
    ran = desk.ask("case-file", case_id, "--out", folder)
    assert ran.code == 0, ran.err
    return case_id, folder, ran.json


def verify(folder):
    ran = subprocess.run([sys.executable, folder / "verify.py"], capture_output=True, text=True)
    return ran.returncode, ran.stdout


def text_of(path):
    word = docx.Document(str(path))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in word.paragraphs), *cells])


def test_it_tells_the_case_and_hides_who_reported(desk, made):
    case_id, folder, result = made
    told = text_of(folder / "案卷.docx")
    for word in (
        f"案卷 {case_id}",
        "假冒政务新媒体处置 第 5 版",
        "认定理由：头像相同",
        "时限暂停：等待举报人补充材料",
        "计入 11-24 的办公时间",
        "截图.png",
    ):
        assert word in told, word
    facts = json.loads((folder / "案卷.json").read_text(encoding="utf-8"))
    everything = told + (folder / "案卷.html").read_text(encoding="utf-8") + json.dumps(facts)
    assert not any(word in everything for word in ("13800001234", "王小明", "wang@"))
    assert facts["evidence"][0]["file_name"] == "截图.png"
    assert len(facts["entries"]) == desk.one(
        "select count(*) from case_event where case_id = ?", case_id
    )
    assert result["masked_count"] >= 1
    with zipfile.ZipFile(io.BytesIO(folder.with_name("file.zip").read_bytes())) as archive:
        assert sorted(archive.namelist())[-1] == f"{case_id}-案卷/案卷.json"


def test_anybody_can_verify_it_and_a_change_is_named(made):
    _, folder, _ = made
    code, said = verify(folder)
    assert (code, said.splitlines()[-1]) == (0, "OK")
    path = folder / "案卷.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    changed = next(e for e in facts["entries"] if e["event_type"] == "step_answered")
    changed["payload"]["answers"]["reason"] = "头像不同"
    path.write_text(json.dumps(facts, ensure_ascii=False), encoding="utf-8")
    code, said = verify(folder)
    assert code == 1
    assert "FAULT 案卷.json: changed after the case file was made" in said
    assert f"FAULT entry {changed['position']} (step_answered): changed" in said


def test_it_overwrites_nothing_and_names_a_case_that_is_not_there(desk, made):
    case_id, folder, _ = made
    again = desk.ask("case-file", case_id, "--out", folder)
    assert (again.code, "已有文件" in again.err) == (1, True)
    assert "没有案件 X" in desk.ask("case-file", "X").err


def test_every_action_of_the_vocabulary_is_done_by_somebody():
    assert set(actions.DONE_BY) == set(ACTIONS)
