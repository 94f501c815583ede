"""The committed examples are what the generator writes, and their formats are the real ones."""

from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import python_calamine
from lxml import html

from connectors.simulation.district import build_district
from connectors.simulation.files import csv_text, example_files, write_examples

EXAMPLES = Path(__file__).parents[2] / "examples"
GENERATED_FOLDERS = ("exports", "register", "reports")
PLAIN = "exports/A0005_云杉政务营商"
MISSING = "exports/A0013_健康云杉"


@pytest.fixture(scope="module")
def files():
    return example_files(build_district())


def test_committed_examples_are_what_the_generator_writes(files):
    committed = {
        path.relative_to(EXAMPLES).as_posix(): path.read_bytes()
        for folder in GENERATED_FOLDERS
        for path in (EXAMPLES / folder).rglob("*")
        if path.is_file()
    }
    assert sorted(committed) == sorted(files)
    differing = [name for name in files if files[name] != committed[name]]
    assert differing == []
    assert sum(len(content) for content in committed.values()) < 1_500_000


def test_writing_returns_the_paths(tmp_path, files):
    written = write_examples(tmp_path / "deep" / "folder", build_district())
    assert len(written) == len(files)
    assert all(path.is_file() for path in written)


def test_register_workbook_has_real_dates_and_text_numbers(files):
    content = files["register/云杉新区政务新媒体台账.xlsx"]
    workbook = openpyxl.load_workbook(BytesIO(content), read_only=True)
    assert workbook.sheetnames == ["单位", "账号", "人员", "值班表"]
    people = list(workbook["人员"].iter_rows(values_only=True))
    assert people[1][:5] == ("P0001", "钱佳宁", "U001", "管委会副主任", "15400000001")
    shifts = list(workbook["值班表"].iter_rows(values_only=True))
    assert shifts[1][0:3] == ("经办", 1, "P0013")
    assert shifts[1][3].date() == date(2026, 6, 22)


def test_the_html_export_is_utf8_with_a_banner(files):
    content = files[f"{PLAIN}/用户分析_用户增长.xls"]
    rows = [
        [cell.text_content() for cell in row.iterchildren("td")]
        for row in html.fromstring(content.decode("utf-8")).iter("tr")
    ]
    assert rows[:2] == [
        ["用户增长"],
        ["时间", "新关注人数", "取消关注人数", "净增关注人数", "累积关注人数"],
    ]
    assert (rows[2][0], rows[-1][0], len(rows)) == ("2026-11-20", "2026-08-21", 94)


def test_the_csv_export_is_gb18030_and_says_the_same(files):
    content = files[f"{PLAIN}/用户分析_用户增长.csv"]
    with pytest.raises(UnicodeDecodeError):
        content.decode("utf-8")
    assert content.decode("gb18030").splitlines()[1].split(",")[0] == "2026-11-20"
    missing = files[f"{MISSING}/用户分析_用户增长.csv"].decode("gb18030")
    assert "2026-11-07," in missing
    assert "2026-11-08," not in missing


def test_the_tendency_workbook_is_biff_with_three_tables_side_by_side(files):
    content = files[f"{PLAIN}/tendency_20261022_20261120.xls"]
    assert content.startswith(b"\xd0\xcf\x11\xe0")
    workbook = python_calamine.load_workbook(BytesIO(content))
    assert workbook.sheet_names == ["New Sheet1"]
    rows = workbook.get_sheet_by_name("New Sheet1").to_python(skip_empty_area=False)
    title = "数据趋势概况(2026.10.22-2026.11.20)"
    assert not any(rows[0])
    assert (rows[1][1], rows[1][5], rows[1][11]) == (title, title, title)
    assert rows[2] == [
        *("", "日期", "渠道", "阅读人数", ""),
        *("日期", "分享人数", "跳转阅读原文人数", "微信收藏人数", "发表篇数", ""),
        *("传播渠道", "发表日期", "内容标题", "阅读人数", "阅读人数占比"),
    ]
    first = rows[3]
    assert (first[1], first[2], first[5], first[11]) == ("2026-10-22", "全部", "20261022", "全部")
    assert (first[12], first[15]) == (46_320, 1)  # 2026-10-25
    assert [row[2] for row in rows[3:8]] == [
        *("全部", "公众号消息", "朋友圈", "公众号主页", "聊天会话")
    ]
    assert sum(row[3] for row in rows[4:8]) > rows[3][3]


def test_the_work_orders_carry_duplicates_formulas_and_personal_data(files):
    workbook = openpyxl.load_workbook(BytesIO(files["reports/12345工单.xlsx"]))
    rows = list(workbook["工单"].iter_rows(values_only=True))
    assert rows[0] == (
        *("工单编号", "诉求标题", "诉求内容", "诉求类型", "诉求渠道", "诉求归口"),
        *("区交办时间", "区交办办结期限", "来电人", "联系电话"),
    )
    numbers = [row[0] for row in rows[1:]]
    assert len(numbers) == 11
    assert [number for number in set(numbers) if numbers.count(number) == 2] == ["YS2026111800004"]
    formula = workbook["工单"]["C10"]
    assert formula.value.startswith("=HYPERLINK(")
    assert formula.quotePrefix or formula.data_type in {"s", "f"}
    assert rows[1][9] in rows[1][2]
    assert rows[1][9].startswith("15409")


def test_csv_cells_are_plain():
    assert csv_text([["甲,乙", None, date(2026, 11, 20), 3]]) == '"甲,乙",,2026-11-20,3\r\n'
