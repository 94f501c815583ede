"""The complaint bundle and the answers to reporters, through the command."""

import hashlib
import json
import zipfile

from tests.flows.steps import answer, open_one


def made(desk, case_id):
    ran = desk.ask("bundle", case_id, "--by", desk.people["handler"])
    assert ran.code == 0, ran.err
    with zipfile.ZipFile(ran.json["path"]) as archive:
        return ran.json, {name: archive.read(name) for name in archive.namelist()}


def test_a_bundle_holds_everything_that_is_there_and_names_what_is_not(desk, tmp_path):
    case_id = open_one(desk, '=HYPERLINK("http://x","云杉发布")')["case_id"]
    early = desk.ask("bundle", case_id, "--by", desk.people["handler"])
    assert (early.code, "还没有起草致平台的函" in early.json["error"]) == (1, True)
    for number in (1, 2):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "截图.png").write_bytes(b"\x89PNG" + bytes([number]))
    files = [part for n in (1, 2) for part in ("--file", tmp_path / str(n) / "截图.png")]
    answer(desk, case_id, "verify", "verify", "handler", *files)
    (desk.home / "materials").mkdir()
    (desk.home / "materials" / "代码证.PDF").write_bytes(b"%PDF-1.7")
    office = desk.home / "office.yml"
    office.write_text(
        office.read_text(encoding="utf-8") + "materials: {uscc_certificate: 代码证.PDF}\n",
        encoding="utf-8",
    )
    said, files = made(desk, case_id)
    assert {name.rsplit(".", 1)[0] for name in files} >= {
        "00-材料清单",
        "01-致平台公函（未签发）",
        "02-授权委托书",
        "03-官方账号清单",
        "04-逐项对比表",
        "04-对照图",
        "05-投诉填写要点",
        "证据/01-截图",
        "证据/02-截图",
        "单位材料/统一社会信用代码证书",
    }
    manifest = json.loads(files.pop("manifest.json"))
    assert {f["name"]: f["sha256"] for f in manifest["files"]} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    listed = files["00-材料清单.txt"].decode()
    assert "统一社会信用代码证书：已备" in listed
    assert "渠道信息待核实" in listed
    again, _ = made(desk, case_id)
    assert again["sha256"] != said["sha256"]  # the ledger's head in the manifest has moved on
    for role in ("reviewer", "signer"):
        answer(desk, case_id, "approve_letters", "approve", role)
    _, files = made(desk, case_id)
    assert "01-致平台公函.docx" in files


def test_every_reporter_gets_an_answer_of_his_own(desk):
    case_id = open_one(desk)["case_id"]
    open_one(desk, report="hotline:2")
    early = desk.ask("replies", case_id, "--by", desk.people["handler"])
    assert (early.code, "还没有核实结论" in early.json["error"]) == (1, True)
    answer(desk, case_id, "verify", "verify")
    ran = desk.ask("replies", case_id, "--by", desk.people["handler"])
    replies = ran.json["replies"]
    assert [reply["report_id"] for reply in replies] == ["hotline:1", "hotline:2"]
    assert "（编号：2）" in replies[1]["text"]
    assert "contact" not in replies[0]
