"""The evidence package: what is sealed is listed, verifies anywhere, and shows every change."""

import json
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from tests.flows.steps import answer

HOSTILE = '=HYPERLINK("http:__x").txt'


@pytest.fixture
def sealed(desk, case_id):
    for name, content in (("截图.png", b"\x89PNG"), (HOSTILE, b"text")):
        path = desk.home.parent / name
        path.write_bytes(content)
        ran = desk.ask("evidence", case_id, path, "--by", desk.people["handler"])
        assert ran.code == 0, ran.err
    return case_id


@pytest.fixture
def package(desk, sealed):
    ran = desk.ask("evidence-package", sealed, "--by", desk.people["handler"])
    assert (ran.code, ran.json["items"]) == (0, 2)
    return ran.json["path"]


def unpacked(package, folder):
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder)
    return folder


def test_the_package_verifies_by_the_command_and_by_its_own_program(desk, package, tmp_path):
    assert desk.ask("verify-evidence", package).json["faults"] == []
    folder = unpacked(package, tmp_path / "there")
    ran = subprocess.run(
        [sys.executable, "-I", str(folder / "校验.py")], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (0, "校验通过：全部文件与清单一致。\n")


def test_every_change_is_named(desk, package, tmp_path):
    folder = unpacked(package, tmp_path / "there")
    names = sorted(path.name for path in (folder / "证据").iterdir())
    assert names[0] == "01-截图.png"
    (folder / "证据" / names[0]).write_bytes(b"changed")
    (folder / "证据" / names[1]).unlink()
    (folder / "证据" / "03-塞入.png").write_bytes(b"new")
    ran = desk.ask("verify-evidence", folder)
    assert ran.code == 1
    assert ran.json["faults"] == [
        "被改动：证据/01-截图.png",
        f"缺少：证据/{names[1]}",
        "不在清单中：证据/03-塞入.png",
    ]


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_package_is_a_sentence(desk, tmp_path, content):
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    ran = desk.ask("verify-evidence", path)
    assert (ran.code, len(ran.json["faults"])) == (1, 1)


def test_the_list_tells_category_format_digest_and_how_each_was_obtained(package):
    with zipfile.ZipFile(package) as archive:
        listed = json.loads(archive.read("电子数据清单.json"))
        word = Document(BytesIO(archive.read("电子数据清单.docx")))
    first = listed["files"][0]
    assert (first["category"], first["format"], first["method"]) == ("图片", "PNG", "by_hand")
    cells = [cell.text for cell in word.tables[0].rows[1].cells]
    assert cells[1:4] == ["截图.png", "图片", "PNG"]
    assert cells[5].replace("\u200b", "") == first["sha256"]
    assert [row.cells[1].text for row in word.tables[0].rows][2] == HOSTILE


def test_a_case_without_evidence_and_a_page_without_address_say_so(desk, case_id):
    by = ("--by", desk.people["handler"])
    assert "还没有固定证据" in desk.ask("evidence-package", case_id, *by).json["error"]
    assert "没有登记主页链接" in desk.ask("capture", case_id, *by).json["error"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "file:///etc/passwd"])
def test_an_inner_page_is_refused_and_the_case_goes_on(desk, case_id, url):
    ran = desk.ask("capture", case_id, "--url", url, "--by", desk.people["handler"])
    assert ran.code == 1
    assert "人工截图" in ran.json["error"]
    assert desk.one("select count(*) from stored_file") == 0
    # By hand, then: the screenshot is sealed, and the case goes on to its letters with it.
    by_hand = desk.home / "人工截图.png"
    by_hand.write_bytes(b"by hand")
    assert desk.ask("evidence", case_id, by_hand, "--by", desk.people["handler"]).code == 0
    letters = answer(desk, case_id, "verify", "verify").json["letters"]
    listed = next(path for path in letters if "商请" in path and path.endswith(".html"))
    assert "人工截图.png" in Path(listed).read_text(encoding="utf-8")
    made = desk.ask("evidence-package", case_id, "--by", desk.people["handler"]).json
    assert desk.ask("verify-evidence", made["path"]).code == 0
