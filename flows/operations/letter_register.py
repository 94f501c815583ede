"""发文登记: every document number of a year, what letter has it, who passed it and where it went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import duckdb

import sql
from flows.operations.addresses import Addresses, case_key, linked
from flows.operations.board_pages import Page
from flows.operations.boards import shown
from flows.settings import Settings
from playbooks.core import ledger
from playbooks.core.cases import store
from playbooks.core.ledger import Event
from playbooks.core.letter_register import NumberEntry, people_of, register_of
from playbooks.core.messages import local
from playbooks.core.playbook.model import Send
from playbooks.core.workbook import Sheet, SheetColumn, write_workbook
from playbooks.core.working_hours import local_day
from sql.catalogs import open_catalog

NUMBERS: Final = "numbers"
TITLE: Final = "发文登记"
ON_BOARD: Final = 100
MOST: Final = 20_000
HEADINGS: Final = (
    *("文号", "函件", "案件", "状态", "拟稿", "审核", "签发", "签发时间"),
    *("主送", "发出时间", "回执", "编号时间"),
)


def letter_numbers(settings: Settings, year: int) -> list[list[str]]:
    """Return the register of a year as rows under ``HEADINGS``, the latest number first."""
    with open_catalog(settings.ops) as connection:
        return _rows(connection, year, MOST)


def write_numbers(settings: Settings, year: int, path: Path, now: datetime) -> int:
    """Write the register of a year as a workbook and return how many numbers it has."""
    rows = letter_numbers(settings, year)
    columns = tuple(SheetColumn(heading, width=20) for heading in HEADINGS)
    write_workbook(path, (Sheet(f"{TITLE}{year}", columns, rows),), now)
    return len(rows)


def numbers_page(
    connection: duckdb.DuckDBPyConnection, now: datetime, addresses: Addresses
) -> Page:
    """Return the board: the latest numbers of this year."""
    year = local_day(now).year
    rows = _rows(connection, year, ON_BOARD)
    lines = [
        f"## {TITLE}：{year} 年最近 {len(rows)} 个文号",
        "文号一经占用不再使用；退回后重新起草的，原号作废并留存。全部见 juzhen numbers。",
        "",
    ]
    return Page(NUMBERS, TITLE, "\n".join([*lines, *numbers_table(rows, addresses)]))


def numbers_table(rows: Sequence[Sequence[str]], addresses: Addresses) -> list[str]:
    """Return the lines of a Markdown table; one line says so when there is nothing."""
    if not rows:
        return ["还没有编过文号。"]
    head = ["| " + " | ".join(HEADINGS) + " |", "|" + "---|" * len(HEADINGS)]
    return [*head, *(_line(row, addresses) for row in rows)]


def _line(row: Sequence[str], addresses: Addresses) -> str:
    cells = [shown(text, 120) or "—" for text in row]
    cells[2] = linked(cells[2], addresses.page(case_key(row[2])))
    return "| " + " | ".join(cells) + " |"


def _rows(connection: duckdb.DuckDBPyConnection, year: int, limit: int) -> list[list[str]]:
    numbers = sql.rows(connection, "letters/numbers", year=year, limit=limit)
    cases = ledger.read_cases(connection, sorted({str(row["case_id"]) for row in numbers}))
    entries = register_of(numbers, [event for events in cases.values() for event in events])
    people, titles = _names(connection, entries), _titles(connection, cases)
    return [_row(entry, people, titles) for entry in entries]


def _titles(
    connection: duckdb.DuckDBPyConnection, cases: Mapping[str, Sequence[Event]]
) -> Mapping[tuple[str, str], str]:
    """Return case and letter -> the title of the step that sends it, by the case's own playbook."""
    opened = {
        case_id: str(events[0].payload["playbook_digest"]) for case_id, events in cases.items()
    }
    playbooks = store.read_playbooks(connection, set(opened.values()))
    return {
        (case_id, step.letter): step.title
        for case_id, digest in opened.items()
        if (playbook := playbooks[digest]) is not None
        for step in playbook.steps
        if isinstance(step, Send)
    }


def _names(
    connection: duckdb.DuckDBPyConnection, entries: Sequence[NumberEntry]
) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for person_id in people_of(entries):
        rows = sql.rows(connection, "cases/person", person_id=person_id)
        found[person_id] = str(rows[0]["name"]) if rows else person_id
    return found


def _row(
    entry: NumberEntry, people: Mapping[str, str], titles: Mapping[tuple[str, str], str]
) -> list[str]:
    return [
        entry.number or f"〔{entry.year}〕{entry.ordinal}号",
        titles.get((entry.case_id, entry.letter), entry.letter),
        *(entry.case_id, entry.status, people.get(entry.drafted_by, "")),
        "、".join(people.get(person, person) for person in entry.reviewed_by),
        *(people.get(entry.signed_by, ""), _moment(entry.signed_at), entry.addressee),
        *(_moment(entry.sent_at), entry.receipt, _moment(entry.reserved_at)),
    ]


def _moment(instant: datetime | None) -> str:
    return local(instant) if instant else ""
