"""Year files of the office: a year is added without a release, and a wrong file is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from playbooks.core.calendar import DayKind, load_calendar
from playbooks.core.working_hours import CalendarError

# Invented for the test; the notice of 2027 was not known when it was written.
YEAR_2027 = """\
year: 2027
notice:
  document_number: 示例〔2026〕1号
  issued_on: 2026-11-25
  url: https://example.org/notice
off_days:
  - {name: 元旦, first: 2026-12-31, last: 2027-01-02}
  - {name: 春节, first: 2027-02-05, last: 2027-02-11}
  - {name: 国庆节, first: 2027-10-01, last: 2027-10-07}
make_up_days:
  - {name: 元旦, days: [2026-12-27]}
  - {name: 国庆节, days: [2027-09-26, 2027-10-09]}
"""


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_year_file_makes_a_year_firm(tmp_path: Path) -> None:
    calendar = load_calendar(write(tmp_path, "2027.yml", YEAR_2027))
    assert calendar.why(date(2027, 2, 11)).kind is DayKind.PUBLIC_HOLIDAY
    assert calendar.why(date(2027, 10, 9)).kind is DayKind.MAKE_UP_WORKDAY
    assert calendar.why(date(2027, 3, 1)).kind is DayKind.WORKDAY
    assert (
        calendar.notice_text(2027)
        == "2027年放假通知：2026-11-25 示例〔2026〕1号 https://example.org/notice"
    )
    assert calendar.version != load_calendar().version


def test_a_year_file_reaches_back_into_december(tmp_path: Path) -> None:
    calendar = load_calendar(write(tmp_path, "2027.yml", YEAR_2027))
    assert calendar.why(date(2026, 12, 31)).text == "元旦放假"
    assert calendar.why(date(2026, 12, 27)).text == "元旦调休上班"
    assert calendar.why(date(2026, 10, 10)).text == "国庆节调休上班"


def test_an_office_file_replaces_the_library_but_not_its_last_december_days(tmp_path: Path) -> None:
    # The library's 2022-12-31 belongs to the notice of 2023, which a file of 2022 cannot know.
    text = (
        "year: 2022\nnotice: {document_number: x, issued_on: null, url: null}\n"
        "off_days:\n  - {name: 国庆节, first: 2022-10-01, last: 2022-10-03}\n"
    )
    calendar = load_calendar(write(tmp_path, "2022.yml", text))
    assert calendar.why(date(2022, 12, 31)).kind is DayKind.PUBLIC_HOLIDAY
    assert calendar.why(date(2022, 10, 4)).kind is DayKind.WORKDAY


def test_a_reworded_comment_moves_no_deadline(tmp_path: Path) -> None:
    before = load_calendar(write(tmp_path, "2027.yml", YEAR_2027)).version
    after = load_calendar(write(tmp_path, "2027.yml", "# read twice\n" + YEAR_2027)).version
    assert after == before


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("year: 2027", "year: 2028", "equal the name of the file"),
        ("year: 2027", "year: two", "year is 'two'"),
        ("year: 2027", "year: true", "year is True"),
        ("off_days:", "off_day:", "unknown keys ['off_day']"),
        ("make_up_days:", "off_days:", "a key is given twice"),
        ("last: 2027-02-11", "last: 2027-03-11", "35 days"),
        ("last: 2027-02-11", "last: 2027-02-01", "-3 days"),
        ("first: 2027-02-05", "first: 2027-02-30", "day is out of range"),
        ("first: 2027-02-05", "first: 5 February", "a day is '5 February'"),
        ("first: 2027-02-05", "first: 2027-02-05 08:00:00", "write it as 2026-01-31"),
        ("2026-12-27", "2026-11-29", "neither in 2027 nor in the December before"),
        ("2027-10-09", "2027-10-11", "2027-10-11 is not a Saturday or Sunday"),
        ("2027-10-09", "2027-10-03", "both as a rest day and as a make-up day"),
        ("2027-09-26, 2027-10-09", "2027-09-26, 2027-09-26", "listed twice"),
        (
            "first: 2027-10-01, last: 2027-10-07",
            "first: 2027-05-01, last: 2027-05-02",
            "lacks National Day",
        ),
        ("name: 春节", "name: ''", "write the holiday's name"),
        ("https://example.org/notice", "javascript:alert(1)", "must begin with https://"),
        ("document_number: 示例〔2026〕1号", "document_number: 7", "text or null"),
        ("  issued_on: 2026-11-25\n", "", "missing keys ['issued_on']"),
        ("{name: 元旦, days: [2026-12-27]}", "2026-12-27", "expected a mapping"),
        ("[2026-12-27]", "2026-12-27", "days must be a list"),
        ("year: 2027", "year: [2027", "not readable as YAML"),
        ("year: 2027", "year: !!python/name:os.system 2027", "not readable as YAML"),
        ("year: 2027", "#" * 9_000 + "\nyear: 2027", "larger than 8192 bytes"),
    ],
)
def test_a_wrong_year_file_is_refused_by_name(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    assert old in YEAR_2027
    folder = write(tmp_path, "2027.yml", YEAR_2027.replace(old, new, 1))
    with pytest.raises(CalendarError) as raised:
        load_calendar(folder)
    assert complaint in str(raised.value)
    assert str(folder / "2027.yml") in str(raised.value)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"- 1\n", b"[" * 5000])
def test_bytes_that_are_no_year_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "2027.yml").write_bytes(content)
    with pytest.raises(CalendarError, match=r"2027\.yml"):
        load_calendar(tmp_path)


def test_a_notice_without_number_and_url_is_a_guess(tmp_path: Path) -> None:
    text = YEAR_2027.replace("示例〔2026〕1号", "null").replace(
        "https://example.org/notice", "null"
    )
    with pytest.raises(CalendarError, match="needs document_number or url"):
        load_calendar(write(tmp_path, "2027.yml", text))


def test_a_citation_needs_the_days_from_somewhere(tmp_path: Path) -> None:
    citation = YEAR_2027[: YEAR_2027.index("off_days")]
    with pytest.raises(CalendarError, match=r"2027\.yml has no off_days"):
        load_calendar(write(tmp_path, "2027.yml", citation))


def test_two_files_for_one_year_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "2027.yaml", YEAR_2027)
    with pytest.raises(CalendarError, match="has two files"):
        load_calendar(write(tmp_path, "2027.yml", YEAR_2027))


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(CalendarError, match="no such calendar folder"):
        load_calendar(tmp_path / "calendar")
