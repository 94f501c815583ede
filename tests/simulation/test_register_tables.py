"""The sample register speaks the register's own headings and labels, and its codes are sound."""

from collections.abc import Sequence
from dataclasses import dataclass

from connectors.simulation import register_tables
from connectors.simulation.district import build_district
from playbooks.core.register import columns
from playbooks.core.register.reading import read_register

LABELS = {
    "unit_kind": register_tables.UNIT_KINDS,
    "platform": register_tables.PLATFORMS,
    "status": register_tables.STATUSES,
    "verification_status": register_tables.VERIFICATIONS,
    "role": register_tables.ROLES,
}


@dataclass(frozen=True)
class SheetRows:
    name: str
    rows: Sequence[Sequence[object]]


def test_sheets_and_headings_are_the_registers():
    tables = register_tables.register_tables(build_district())
    assert {name: rows[0] for name, rows in tables.items()} == {
        sheet.name: tuple(column.heading for column in sheet.columns) for sheet in columns.sheets()
    }


def test_labels_are_the_registers():
    for name, used in LABELS.items():
        known = columns.labels(name)
        assert used == {identifier: known[identifier] for identifier in used}


def test_first_rows_of_the_sample_register():
    tables = register_tables.register_tables(build_district())
    assert tables["单位"][2] == (
        *("U002", "青湖经济开发区管理委员会", "青湖经开区", "开发区管委会", "U001", "U010"),
        *("119900000000000275", "云杉新区"),
    )
    assert {name: len(rows) for name, rows in tables.items()} == {
        "单位": 20,
        "账号": 41,
        "人员": 48,
        "值班表": 477,
    }


def test_the_register_reads_the_sample_and_finds_only_what_was_planted():
    workbook = [
        SheetRows(name, rows)
        for name, rows in register_tables.register_tables(build_district(accounts=60)).items()
    ]
    reading = read_register(workbook, "台账.xlsx")
    assert [(item.code, item.severity, item.place.row) for item in reading.problems] == [
        ("names_differ", "warning", 18),
        ("names_differ", "warning", 20),
        ("second_account_same_platform", "warning", 24),
    ]
    assert len(reading.records("account")) == 60
