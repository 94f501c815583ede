"""The change form of Article 13 from the form in the interface to the list of changes."""

from __future__ import annotations

import pytest
from openpyxl import load_workbook

from flows.operations.files import FileProblemError
from flows.operations.imports import change_forms_in
from tests.flows.conftest import REGISTER


def another_administrator(desk):
    """Write the sample register with another administrator of its first account."""
    book = load_workbook(REGISTER)
    sheet = book["账号"]
    headings = [cell.value for cell in sheet[1]]
    column = headings.index("管理员编号") + 1
    before = sheet.cell(2, column).value
    sheet.cell(2, column).value = sheet.cell(2, headings.index("负责人编号") + 1).value
    path = desk.home / "台账.xlsx"
    book.save(path)
    return path, sheet.cell(2, 1).value, before


def test_the_number_of_the_change_form_stands_among_the_changes(desk):
    path, account, before = another_administrator(desk)
    assert "未见变更审批表" in desk.ask("import", path).out
    assert desk.ask("import", path, "--change-form", f"{account}=审2026-007").code == 0
    (change,) = desk.ask("register-changes", account).json["changes"]
    assert (change["heading"], change["before"], change["change_form"]) == (
        "管理员编号",
        before,
        "审2026-007",
    )
    assert "审2026-007" in desk.run("register-changes").out


def test_several_forms_as_people_type_them():
    assert change_forms_in("A0001=2026-007，A0002＝审8 ") == {"A0001": "2026-007", "A0002": "审8"}
    assert change_forms_in("") == {}
    with pytest.raises(FileProblemError, match="应写成 台账号=审批表编号"):
        change_forms_in("A0001")
