"""Registers and export files as operators really hand them in: faulty, mislabelled, hostile."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

import openpyxl
import pytest

from connectors.simulation.register_tables import register_tables
from tests.flows.conftest import EXAMPLES, REGISTER

CSV = sorted((EXAMPLES / "register" / "csv").glob("*.csv"))
EXPORTS = sorted((EXAMPLES / "exports").glob("A0005_*/*"))  # the others: test_drop_folder.py
TABLES = ("unit", "account", "person", "roster_shift", "import_record")

FAULTS = [
    # sheet, row (as a spreadsheet counts), column, what is written there
    ("单位", 3, "单位名称", ""),
    ("单位", 4, "单位类别", "事业单位吧"),
    ("单位", 5, "统一社会信用代码", "11990000000000000X"),
    ("单位", 6, "上级单位编号", "U9999"),
    ("单位", 7, "主管单位编号", "U8888"),
    ("账号", 3, "主办单位编号", "U7777"),
    ("账号", 4, "平台", "脸书"),
    ("账号", 5, "账号名称", ""),
    ("账号", 6, "认证到期日", "2026-02-30"),
    ("账号", 7, "账号状态", "还行"),
    ("账号", 8, "评论私信开放", "也许"),
    ("账号", 9, "负责人编号", "P9999"),
    ("账号", 10, "开通日期", "去年夏天"),
    ("账号", 11, "链接", "javascript:alert(1)"),
    ("账号", 12, "认证状态", "大概认证了"),
    ("人员", 3, "姓名", ""),
    ("人员", 4, "单位编号", "U6666"),
    ("人员", 5, "手机号", "12345"),
    ("值班表", 3, "角色", "门卫"),
    ("值班表", 4, "人员编号", "P8888"),
]


def counts(desk):
    return {table: desk.one(f"select count(*) from {table}") for table in TABLES}


def workbook(path: Path, tables) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def with_cells(district, cells):
    tables = {name: [list(row) for row in rows] for name, rows in register_tables(district).items()}
    for sheet, row, column, value in cells:
        tables[sheet][row - 1][tables[sheet][0].index(column)] = value
    return tables


def test_a_dry_run_writes_nothing_an_import_does_and_the_same_again_changes_nothing(empty_desk):
    dry = empty_desk.ask("import", REGISTER, "--dry-run")
    assert (dry.code, dry.json["written"]) == (0, False)
    assert counts(empty_desk) == dict.fromkeys(TABLES, 0)

    assert empty_desk.run("import", REGISTER, "--by", "林晓").code == 0
    before = counts(empty_desk)
    assert before["account"] == 40
    digest = hashlib.sha256(REGISTER.read_bytes()).hexdigest()
    assert (empty_desk.home / "files" / digest[:2] / digest).read_bytes() == REGISTER.read_bytes()
    assert empty_desk.one("select payload_sha256 from import_record") == digest

    stamps = empty_desk.rows("select account_id, imported_at from account order by all")
    empty_desk.later(days=1)
    assert empty_desk.run("import", REGISTER).code == 0
    assert empty_desk.rows("select account_id, imported_at from account order by all") == stamps
    assert {**counts(empty_desk), "import_record": 1} == before


def test_the_same_register_as_csv_files_changes_nothing(desk):
    before = desk.rows("select * exclude (imported_at) from account order by all")
    ran = desk.run("import", *CSV)
    assert ran.code == 0, ran.out + ran.err
    assert desk.rows("select * exclude (imported_at) from account order by all") == before


def test_csv_files_in_gb18030_are_read(empty_desk, district, tmp_path):
    converted = []
    for path in CSV:
        target = tmp_path / path.name
        target.write_bytes(path.read_text(encoding="utf-8-sig").encode("gb18030"))
        converted.append(target)
    ran = empty_desk.run("import", *converted)
    assert ran.code == 0, ran.out + ran.err
    names = {name for (name,) in empty_desk.rows("select name from account")}
    assert names == {account.name for account in district.accounts}


def test_twenty_faults_are_twenty_problems_and_nothing_is_written(empty_desk, district, tmp_path):
    path = workbook(tmp_path / "错误台账.xlsx", with_cells(district, FAULTS))
    ran = empty_desk.ask("import", path)

    assert (ran.code, ran.json["written"]) == (1, False)
    errors = [one for one in ran.json["problems"] if one["severity"] == "error"]
    places = {(one["sheet"], one["row"], one["heading"]) for one in errors}
    assert places == {(sheet, row, column) for sheet, row, column, _ in FAULTS}
    assert len(errors) == 20
    assert counts(empty_desk) == dict.fromkeys(TABLES, 0)
    text = empty_desk.run("import", path)
    assert text.code == 1
    assert [one["wrong"] for one in errors if one["wrong"] not in text.out] == []


def test_formulas_and_escapes_in_a_register_are_kept_as_text_and_shown_harmlessly(
    empty_desk, district, tmp_path
):
    cells = [
        ("账号", 3, "账号名称", '\'=HYPERLINK("http://x","云杉新区发布")'),
        ("账号", 4, "账号状态", "\u202e\u200b坏状态"),
        ("账号", 5, "账号名称", "=1+1"),
    ]
    path = workbook(tmp_path / "公式.xlsx", with_cells(district, cells))
    ran = empty_desk.run("import", path)
    assert ran.code == 1
    assert "\u202e" not in ran.out
    assert counts(empty_desk)["account"] == 0


def broken_files(tmp_path: Path) -> dict[str, Path]:
    whole = REGISTER.read_bytes()
    made = {
        "truncated.xlsx": whole[: len(whole) // 2],
        "picture.xlsx": b"\x89PNG\r\n\x1a\n" + b"\0" * 200,
        "empty.xlsx": b"",
        "page.xlsx": b"<html><body>404</body></html>",
        "noise.csv": bytes(range(256)) * 4,
    }
    paths = {}
    for name, content in made.items():
        paths[name] = tmp_path / name
        paths[name].write_bytes(content)
    paths["folder.xlsx"] = tmp_path / "folder.xlsx"
    paths["folder.xlsx"].mkdir()
    paths["missing.xlsx"] = tmp_path / "missing.xlsx"
    return paths


@pytest.mark.parametrize(
    "name",
    [
        *("truncated.xlsx", "picture.xlsx", "empty.xlsx", "page.xlsx", "noise.csv"),
        *("folder.xlsx", "missing.xlsx"),
    ],
)
@pytest.mark.parametrize("command", ["import", "import-export"])
def test_a_file_that_is_no_table_is_named_and_nothing_is_written(desk, tmp_path, name, command):
    path = broken_files(tmp_path)[name]
    before = counts(desk)
    extra = ["--account", "A0005", "--by", "P0001"] if command == "import-export" else []
    ran = desk.ask(command, path, *extra)
    assert ran.code == 1
    assert name in ran.out
    assert counts(desk) == before


@pytest.mark.parametrize("path", EXPORTS, ids=lambda path: f"{path.parent.name[:5]}-{path.name}")
def test_an_export_is_imported_once_with_its_original(desk, path):
    account_id = path.parent.name.split("_")[0]
    person = desk.people["handler"]
    first = desk.ask("import-export", path, "--account", account_id, "--by", person)
    assert first.code == 0, first.err
    assert first.json["observations"] > 50
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert (desk.home / "files" / digest[:2] / digest).is_file()


def test_the_same_export_again_adds_nothing(desk):
    path, person = EXPORTS[0], desk.people["handler"]
    desk.run("import-export", path, "--account", "A0005", "--by", person)
    observed = desk.one("select count(*) from observation", catalog="stats")
    payloads = desk.one("select count(*) from raw_payload", catalog="stats")
    desk.later(days=1)
    again = desk.ask("import-export", path, "--account", "A0005", "--by", person)
    assert (again.code, again.json["observations"]) == (0, 0)
    assert desk.one("select count(*) from observation", catalog="stats") == observed
    assert desk.one("select count(*) from raw_payload", catalog="stats") == payloads


def test_an_export_cut_off_half_way_is_refused_whole(desk, tmp_path):
    for source in EXPORTS[:3]:
        cut = tmp_path / source.name
        cut.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
        ran = desk.ask("import-export", cut, "--account", "A0005", "--by", desk.people["handler"])
        assert ran.code == 1, source.name
        assert source.name in ran.err
    assert not (desk.home / "stats.duckdb").exists()


def test_an_unknown_layout_account_or_person_is_said(desk, tmp_path):
    path, person = EXPORTS[0], desk.people["handler"]
    strange = tmp_path / "strange.csv"
    table = io.StringIO()
    csv.writer(table).writerows([["甲", "乙"], [1, 2]])
    strange.write_text(table.getvalue(), encoding="utf-8")
    for arguments, word in (
        ((strange, "--account", "A0005", "--by", person), "strange.csv"),
        ((path, "--account", "A9999", "--by", person), "A9999"),
        ((path, "--account", "A0005", "--by", "P9999"), "P9999"),
    ):
        ran = desk.run("import-export", *arguments)
        assert ran.code == 1
        assert word in ran.err
    assert not (desk.home / "stats.duckdb").exists()


def test_the_blank_register_never_overwrites_a_filled_one(empty_desk, tmp_path):
    path = tmp_path / "台账.xlsx"
    assert empty_desk.ask("template", path).code == 0
    path.write_bytes(b"filled in")
    ran = empty_desk.run("template", path)
    assert (ran.code, path.read_bytes()) == (1, b"filled in")
    assert "已存在" in ran.err
    assert empty_desk.run("template", tmp_path / "no" / "such" / "x.xlsx").code == 1


def test_findings_are_listed_by_article(desk):
    ran = desk.ask("findings", "--register")
    assert ran.code == 0
    assert len(ran.json["findings"]) > 5
