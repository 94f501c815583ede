from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from specimens import CREATED_AT, HOSTILE

from playbooks.core.workbook import Sheet, SheetColumn, inert, sheet_name, write_workbook

COLUMNS = [
    SheetColumn("账号", width=30),
    SheetColumn("粉丝", "integer"),
    SheetColumn("回复率", "percent", missing=""),
    SheetColumn("日期", "date"),
    SheetColumn("时间", "instant"),
]


def written(tmp_path, rows, columns=COLUMNS, name="总览"):
    path = tmp_path / "figures.xlsx"
    write_workbook(path, [Sheet(name, columns, rows)], CREATED_AT)
    return openpyxl.load_workbook(path).worksheets[0]


def test_hostile_names_are_text_cells(tmp_path):
    rows = [(name, 1, 0.5, date(2026, 7, 1), CREATED_AT) for name in (*HOSTILE, "0012", "http://x")]
    sheet = written(tmp_path, rows)
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells[:5]] == list(HOSTILE[:5])
    assert (cells[-2].value, cells[-1].value, cells[-1].hyperlink) == ("0012", "http://x", None)


def test_values_keep_their_kind_and_missing_says_so(tmp_path):
    sheet = written(
        tmp_path, [("甲", 12345, None, date(2026, 7, 1), CREATED_AT), ("乙", None, 0.5, None, None)]
    )
    assert [cell.value for cell in sheet[2]] == [
        "甲",
        12345,
        None,
        datetime(2026, 7, 1),
        datetime(2026, 11, 23, 9, 30),  # shown in the office's time
    ]
    assert [cell.value for cell in sheet[3]] == ["乙", "未取得", 0.5, "未取得", "未取得"]
    assert [sheet["B2"].number_format, sheet["C3"].number_format, sheet["D2"].number_format] == [
        "#,##0",
        "0.0%",
        "yyyy-mm-dd",
    ]
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["A"].width == pytest.approx(30, abs=1)


@pytest.mark.parametrize(
    "row",
    [
        ("甲", "5", None, None, None),
        ("甲", float("nan"), None, None, None),
        ("甲", True, None, None, None),
        ("甲", 1, None, CREATED_AT, None),
        ("甲", 1, None, None, datetime(2026, 1, 1)),
        (5, 1, None, None, None),
    ],
)
def test_a_value_of_another_kind_is_named_with_its_place(tmp_path, row):
    with pytest.raises(ValueError, match="sheet 总览, row 1, column "):
        written(tmp_path, [row])


def test_a_short_row_is_named(tmp_path):
    with pytest.raises(ValueError, match="sheet 总览, row 1: 1 values under 5 columns"):
        written(tmp_path, [("甲",)])


def test_equal_arguments_give_equal_bytes(tmp_path):
    for name in ("one.xlsx", "two.xlsx"):
        write_workbook(tmp_path / name, [Sheet("总览", COLUMNS, [])], CREATED_AT)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_sheets_that_would_clash_get_numbers(tmp_path):
    path = tmp_path / "figures.xlsx"
    write_workbook(path, [Sheet("a/b", COLUMNS, []), Sheet("A:B", COLUMNS, [])], CREATED_AT)
    assert openpyxl.load_workbook(path).sheetnames == ["a_b", "A_B_2"]


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("总览", "总览"),
        ("", "Sheet"),
        ("'[]'", "__"),
        ("History", "History_"),
        ("长" * 40, "长" * 31),
    ],
)
def test_sheet_names_are_made_legal(wanted, name):
    assert sheet_name(wanted) == name


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("  @SUM(A1)", "'  @SUM(A1)"),
        ("\uff1d1", "'\uff1d1"),
        ("\t=1", "' =1"),
        ("+86 431", "'+86 431"),
        ("-5", "-5"),
        ("-5.25", "-5.25"),
        ("-", "'-"),
        ("云杉新区发布", "云杉新区发布"),
        ("", ""),
    ],
)
def test_a_csv_cell_is_never_a_formula(text, cell):
    assert inert(text) == cell


@given(st.text(max_size=60))
def test_no_csv_cell_begins_like_a_formula(text):
    begins = inert(text).lstrip()[:1]
    assert begins not in ("=", "@", "\uff1d")
