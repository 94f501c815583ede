"""Files as people really hand them in: recognised by content, refused with a sentence."""

import io
import struct
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.spreadsheet import Limits, Sheet, UnreadableFileError, read_tables

HTML = (
    '<html><head><meta charset="utf-8"></head><body><table>'
    '<tr><td colspan="2">用户增长</td></tr><tr><th>时间</th><th>新关注人数</th></tr>'
    "<tr><td>2026-08-01</td><td>12</td></tr></table></body></html>"
)


def xls(*rows):
    book = xlwt.Workbook()
    sheet = book.add_sheet("New Sheet1")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell is not None:
                style = xlwt.easyxf(num_format_str="yyyy-mm-dd")
                sheet.write(number, column, cell, style) if isinstance(cell, date) else sheet.write(
                    number, column, cell
                )
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def xlsx(*rows, **cells):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for address, value in cells.items():
        book.active[address] = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def repacked(content, **replacements):
    """The same archive with members replaced; a key holds / as __ and . as _dot_."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        changed = {k.replace("__", "/").replace("_dot_", "."): v for k, v in replacements.items()}
        for name in old.namelist():
            new.writestr(name, changed.get(name, old.read(name)))
    return target.getvalue()


def test_an_html_table_named_xls_is_read_with_its_spans():
    assert read_tables(HTML.encode(), "user_analysis.xls") == [
        Sheet("表1", [["用户增长", ""], ["时间", "新关注人数"], ["2026-08-01", "12"]])
    ]


def test_a_biff_file_keeps_its_empty_first_column_and_its_days():
    content = xls([None], [None, "日期", "人数"], [None, date(2026, 8, 1), 5])
    assert read_tables(content, "tendency.xls") == [
        Sheet("New Sheet1", [["", "", ""], ["", "日期", "人数"], ["", date(2026, 8, 1), 5]])
    ]


def test_an_xlsx_named_csv_is_still_a_workbook():
    content = xlsx(["日期", "人数"], [datetime(2026, 8, 1, 9), 1.5])
    rows = read_tables(content, "data.csv")[0].rows
    assert rows == [["日期", "人数"], [datetime(2026, 8, 1, 9), 1.5]]


def test_a_formula_is_not_evaluated():
    assert read_tables(xlsx(["a"], A2="=1+1", A3="x"), "f.xlsx")[0].rows == [["a"], [""], ["x"]]


def test_a_stylesheet_that_breaks_other_readers_does_not_matter():
    styles = (
        b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b"<fills><fill><foo/></fill></fills></styleSheet>"
    )
    content = repacked(xlsx(["标题", "展现量"]), xl__styles_dot_xml=styles)
    assert read_tables(content, "微头条.xlsx")[0].rows == [["标题", "展现量"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_text_in_any_common_encoding(encoding, delimiter):
    text = f"视频描述{delimiter}播放量\r\n你好{delimiter}1\r\n"
    rows = read_tables(text.encode(encoding), "data.xls")[0].rows
    assert rows == [["视频描述", "播放量"], ["你好", "1"]]


def test_a_quoted_line_break_stays_in_its_cell():
    rows = read_tables('标题,数\r\n"第一行\n第二行",3\r\n'.encode(), "a.csv")[0].rows
    assert rows == [["标题", "数"], ["第一行\n第二行", "3"]]


def test_a_path_gives_the_name_for_the_sentence(tmp_path):
    path = Path(tmp_path) / "空.xls"
    path.write_bytes(b"")
    with pytest.raises(
        UnreadableFileError, match=r"^「空\.xls」是空文件；请在平台后台重新导出后再导入。$"
    ):
        read_tables(path)


def encrypted_biff():
    book = xlwt.Workbook()
    book.add_sheet("s").write(0, 0, "secret")
    stream = book.get_biff_data()
    after_first_record = 4 + struct.unpack_from("<H", stream, 2)[0]
    file_pass = struct.pack("<HHH", 0x2F, 54, 1) + struct.pack("<HH", 1, 1) + bytes(48)
    stream = stream[:after_first_record] + file_pass + stream[after_first_record:]
    buffer = io.BytesIO()
    xlwt.CompoundDoc.XlsDoc().save(buffer, stream)
    return buffer.getvalue()


WORKBOOK = xlsx(["a", "b"], [1, 2])
BIFF = xls(["a", "b"], [1, 2])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "是空文件"),
        (b"\xef\xbb\xbf\r\n", "是空文件"),
        (WORKBOOK[: len(WORKBOOK) // 2], "不完整或已损坏"),
        (BIFF[:600], "不是完整的 Excel 工作簿"),
        (BIFF[: len(BIFF) - 400], "不是完整的 Excel 工作簿"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "实际是PNG 图片"),
        (b"%PDF-1.7 ...", "实际是PDF 文件"),
        (b"PK\x05\x06" + bytes(18), "实际是压缩包"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "不是完整的 Excel 工作簿"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "设有打开密码",
        ),
        (encrypted_biff(), "设有打开密码"),
        (b"<html><body>please log in</body></html>", "可能登录已过期"),
        (b"<", "是网页而不是数据表"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "旧式",
        ),
        (bytes(range(128, 256)) * 4, "编码未知"),
        (b"a,b\x00c", "编码未知"),
        (b'a,"' + b"x" * 200_000, "CSV 内容有误"),
        (xlsx(["a"], XFD1048576="far"), "不完整或已损坏"),
    ],
)
def test_each_kind_of_unreadable_file_has_its_own_sentence(content, sentence):
    with pytest.raises(UnreadableFileError) as caught:
        read_tables(content, "上报.xls")
    assert str(caught.value).startswith("「上报.xls」")
    assert sentence in str(caught.value)
    assert str(caught.value).endswith("。")


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = repacked(WORKBOOK, xl__worksheets__sheet1_dot_xml=b" " * (5 * 1024**2))
    with pytest.raises(UnreadableFileError, match="解压后超过 1 MB"):
        read_tables(bomb, "bomb.xlsx", Limits(max_unpacked_bytes=1024**2))


def test_a_file_beyond_a_limit_says_which():
    with pytest.raises(UnreadableFileError, match="超过 1 MB"):
        read_tables(b"a" * (1024**2 + 1), "big.csv", Limits(max_bytes=1024**2))
    with pytest.raises(UnreadableFileError, match="单元格超过 5 个"):
        read_tables(xlsx([1, 2, 3], [4, 5, 6]), "wide.xlsx", Limits(max_cells=5))
    with pytest.raises(UnreadableFileError, match="单元格过多"):
        read_tables(b"1,2,3\n4,5,6\n", "wide.csv", Limits(max_cells=5))


def test_a_span_of_a_million_columns_is_cut_short():
    html = '<table><tr><td colspan="1000000" rowspan="99999999999">x</td></tr></table>'
    assert len(read_tables(html.encode(), "x.xls")[0].rows[0]) == 200


def test_a_row_span_keeps_the_columns_aligned():
    html = '<table><tr><th rowspan="2">a</th><th>b</th></tr><tr><td>1</td></tr></table>'
    assert read_tables(html.encode(), "x.xls")[0].rows == [["a", "b"], ["", "1"]]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_tables_or_a_sentence(content):
    try:
        assert isinstance(read_tables(content, "x"), list)
    except UnreadableFileError as error:
        assert str(error).startswith("「x」")  # noqa: PT017 - both ways out are right


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([WORKBOOK, BIFF]), st.floats(0.05, 0.99), st.integers(0, 255))
def test_a_damaged_workbook_never_takes_the_process_with_it(content, position, byte):
    at = int(len(content) * position)
    try:
        read_tables(content[:at] + bytes([byte]) * 64 + content[at + 64 :], "x")
    except UnreadableFileError as error:
        assert "「x」" in str(error)  # noqa: PT017 - both ways out are right
