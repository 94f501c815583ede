from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbooks.core.register import uscc
from playbooks.core.register.cells import Fault, cell_text, read_cell
from playbooks.core.register.columns import sheet_of

MOBILE = sheet_of("person").column("mobile")
PHONE = sheet_of("account").column("phone")
DAY = sheet_of("account").column("opened_on")
NAME = sheet_of("account").column("name")
OPERATOR = sheet_of("account").column("operator")
POSITION = sheet_of("roster_shift").column("position")
URL = sheet_of("account").column("url")
USCC = sheet_of("unit").column("uscc")
KEY = sheet_of("unit").column("unit_id")
ACTIVE = sheet_of("person").column("is_active")


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        (KEY, 1001.0, "1001"),
        (KEY, 1001, "1001"),
        (KEY, "Ｕ００１", "U001"),
        (NAME, "　云杉\u00a0发布\n", "云杉 发布"),
        (NAME, "云\u200b杉\ufeff发布", "云杉发布"),
        (NAME, "云杉（发布）", "云杉（发布）"),
        (MOBILE, 13800000000.0, "13800000000"),
        (MOBILE, "+86 138-0000-0000", "13800000000"),
        (PHONE, "０４３１－８１２３４５６７", "0431-81234567"),
        (PHONE, "(0431)81234567", "0431-81234567"),
        (PHONE, "01081234567", "010-81234567"),
        (PHONE, 12345.0, "12345"),
        (DAY, datetime(2026, 3, 5, 8, 30), date(2026, 3, 5)),
        (DAY, date(2026, 3, 5), date(2026, 3, 5)),
        (DAY, "2026-3-5", date(2026, 3, 5)),
        (DAY, "2026/03/05", date(2026, 3, 5)),
        (DAY, "2026年3月5日", date(2026, 3, 5)),
        (DAY, "—", None),
        (OPERATOR, "无", None),
        (OPERATOR, "'=1+1", "=1+1"),
        (POSITION, 1.0, 1),
        (URL, "https://example.invalid/a?b=1", "https://example.invalid/a?b=1"),
        (ACTIVE, True, True),
        (ACTIVE, "否", False),
        (USCC, "91350100m000100y43", "91350100M000100Y43"),
    ],
)
def test_value(column, cell, value):
    assert read_cell(column, cell).value == value


@pytest.mark.parametrize(
    ("column", "cell", "fault"),
    [
        (DAY, 46086, Fault("date_unsure", {"meant": date(2026, 3, 5)})),
        (DAY, 46086.5, Fault("date_unsure", {"meant": date(2026, 3, 5)})),
        (DAY, "2026.3.5", Fault("date_unsure", {"meant": date(2026, 3, 5)})),
        (DAY, "20260305", Fault("date_unsure", {"meant": date(2026, 3, 5)})),
        (DAY, "2026-02-30", Fault("date_bad")),
        (DAY, "去年", Fault("date_bad")),
        (DAY, "1899-01-01", Fault("date_out_of_range", {"first": 1990, "last": 2100})),
        (DAY, "#N/A", Fault("cell_is_error")),
        (MOBILE, "1.38E+10", Fault("mobile_bad")),
        (MOBILE, "0431-81234567", Fault("mobile_bad")),
        (PHONE, "81", Fault("phone_bad")),
        (NAME, "长" * 61, Fault("text_too_long", {"length": 61, "limit": 60})),
        (POSITION, "00010000", Fault("integer_bad", {"limit": 9})),
        (POSITION, 1.5, Fault("integer_bad", {"limit": 9})),
        (URL, "javascript:alert(1)", Fault("url_bad")),
        (KEY, "U 1;drop", Fault("id_bad", {"limit": 40, "example": "U001"})),
        (USCC, "91350100M000100Y44", Fault("uscc_check_digit", {"expected": "3"})),
        (USCC, 9.1350100e17, Fault("uscc_bad_shape", {"length": 11})),
    ],
)
def test_fault(column, cell, fault):
    found = read_cell(column, cell).fault
    assert (found.code, dict(found.blanks)) == (fault.code, dict(fault.blanks))


@pytest.mark.parametrize(
    "code",
    ["91350100M000100Y43", "911100001000019986", "91440300708461136T"],
)
def test_uscc_check_character_of_known_codes(code):
    assert uscc.check_character(code[:-1]) == code[-1]


@given(st.text(alphabet=uscc.ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.data())
def test_uscc_notices_every_single_wrong_character(first_17, place, data):
    code = first_17 + uscc.check_character(first_17)
    assert read_cell(USCC, code.lower()).value == code
    others = uscc.ALPHABET.replace(code[place], "")
    wrong = code[:place] + data.draw(st.sampled_from(others)) + code[place + 1 :]
    assert read_cell(USCC, wrong).fault.code == "uscc_check_digit"


@given(st.text(max_size=80))
def test_text_is_one_trimmed_line_and_reading_it_again_changes_nothing(raw):
    text = cell_text(raw)
    assert text == text.strip()
    assert "\n" not in text
    assert "  " not in text
    quoted = text[:1] == "'" and text[1:2] in ("=", "+", "-", "@")
    assert quoted or cell_text(text) == text


CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=60), st.dates()
)
COLUMNS = [column for table in ("unit", "account", "person") for column in sheet_of(table).columns]


@given(st.sampled_from(COLUMNS), CELLS)
def test_any_cell_gives_a_value_or_a_fault_and_never_raises(column, raw):
    cell = read_cell(column, raw)
    if column.is_required:
        assert cell.value is not None or cell.fault
    if cell.value is not None and cell.fault:
        assert cell.fault.code in ("text_like_formula", "id_bad")


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_every_way_of_writing_a_day_means_that_day(day):
    for text in (
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
    ):
        assert read_cell(DAY, text).value == day
