"""The sample register speaks the register's own headings and labels, and its codes are sound."""

from connectors.simulation import register_tables
from connectors.simulation.district import build_district
from playbooks.core.register import columns

LABELS = {
    "unit_kind": register_tables.UNIT_KINDS,
    "platform": register_tables.PLATFORMS,
    "status": register_tables.STATUSES,
    "verification_status": register_tables.VERIFICATIONS,
    "role": register_tables.ROLES,
}


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
        "值班表": 409,
    }
