import csv
import io

import openpyxl

from playbooks.core.register import template
from playbooks.core.register.columns import labels
from playbooks.core.register.plan import apply_import, prepare_import
from playbooks.core.register.reading import read_register
from sql import transaction


def opened(payload):
    """Read an .xlsx back with a library that did not write it."""
    book = openpyxl.load_workbook(io.BytesIO(payload))
    return book, [
        template.RegisterSheet(page.title, tuple(page.iter_rows(values_only=True))) for page in book
    ]


def test_the_blank_template_reads_as_a_register_without_rows():
    book, contents = opened(template.template_workbook())
    reading = read_register(contents, "template.xlsx")

    assert book.sheetnames == ["单位", "账号", "人员", "值班表", "填写说明"]
    assert reading.problems == ()
    assert reading.rows == ()
    assert len(reading.tables) == 4


def test_the_template_helps_whoever_fills_it_in():
    book, _ = opened(template.template_workbook())
    accounts = book["账号"]
    lists = {rule.formula1.strip('"') for rule in accounts.data_validations.dataValidation}

    assert lists == {
        ",".join(labels(name).values())
        for name in ("platform", "verification_status", "status", "yes_no")
    }
    assert accounts["A1"].comment.text.startswith("必填\n本账号在台账中的唯一编号")
    assert "例：A001" in accounts["A1"].comment.text
    assert book["填写说明"]["A1"].value == "政务新媒体台账填写说明"


def test_the_same_template_twice_is_the_same_bytes():
    assert template.template_workbook() == template.template_workbook()


def test_an_export_imports_as_no_change(stored):
    contents = template.export_register(stored)
    _, reread = opened(template.workbook(contents))
    files = template.csv_files(contents)
    tables = [
        template.RegisterSheet(
            name.removesuffix(".csv"), tuple(csv.reader(io.StringIO(payload.decode("utf-8-sig"))))
        )
        for name, payload in files.items()
    ]

    assert list(files) == ["单位.csv", "账号.csv", "人员.csv", "值班表.csv"]
    for workbook in (contents, reread, tables):
        plan = prepare_import(stored, workbook, "export")
        assert (plan.is_empty, plan.row_count, plan.problems) == (True, 9, ())


def test_a_hostile_name_stays_text_on_the_way_out_and_back(stored, workbooks):
    book = workbooks.good()
    hostile = '=HYPERLINK("http://example.invalid","领奖")'
    book[1].rows[3][12] = hostile
    with transaction(stored):
        plan = prepare_import(stored, book, "hostile.xlsx")
        now = stored.execute("select timestamp '2026-03-06 00:00:00' at time zone 'UTC'").fetchone()
        apply_import(stored, plan, now=now[0], actor="李四", payload_sha256="ef" * 32)

    contents = template.export_register(stored)
    workbook, _ = opened(template.workbook(contents))
    text = template.csv_files(contents)["账号.csv"].decode("utf-8-sig")

    cell = workbook["账号"]["M4"]
    assert (cell.value, cell.data_type) == (hostile, "s")
    assert next(csv.reader(text.splitlines()[3:]))[12] == f"'{hostile}"
