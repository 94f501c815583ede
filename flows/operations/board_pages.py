"""The boards: open cases, by person, overdue, this week, drills. Each is one page of Markdown.

Drills stand on a page of their own, so that nobody takes one for a case or a case for a drill.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.operations.addresses import HOME, Addresses, linked, person_key
from flows.operations.boards import INTERNAL_NOTE, BoardRow, board_table, shown
from playbooks.core.messages import local
from playbooks.core.working_hours import local_day

WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
OPEN_CASES, BY_PERSON, OVERDUE, THIS_WEEK, DRILLS = (
    *("open-cases", "by-person", "overdue", "this-week"),
    "drills",
)


@dataclass(frozen=True)
class Page:
    """One board.

    Attributes:
        key: its name in addresses.
        title: in Chinese.
        text: Markdown.
    """

    key: str
    title: str
    text: str


def case_boards(
    rows: Sequence[BoardRow],
    people: Mapping[str, str],
    now: datetime,
    addresses: Addresses,
) -> list[Page]:
    """Return the boards of open steps.

    Args:
        rows: every open step, drills included, the most pressing first.
        people: person_id -> name of everybody who gets a page of their own.
        now: of the drawing.
        addresses: of forms and pages.
    """
    real = [row for row in rows if not row.is_drill]
    overdue = [row for row in real if row.is_overdue]
    return [
        _page(OPEN_CASES, "在办案件", _count(real), board_table(real, addresses), now),
        _page(
            OVERDUE,
            "超时限",
            f"{len(overdue)} 个步骤已超时限",
            board_table(overdue, addresses),
            now,
        ),
        _page(THIS_WEEK, "本周到期", "", _week(real, now, addresses), now),
        _page(
            BY_PERSON,
            "按责任人",
            "点姓名打开该人的待办页，可收藏",
            _person_table(real, people, addresses),
            now,
        ),
        *(_own_page(person_id, name, real, now, addresses) for person_id, name in people.items()),
        _page(
            DRILLS,
            "演练案件",
            "演练案件只出现在本页；函件与消息均标明「演练」",
            board_table([row for row in rows if row.is_drill], addresses),
            now,
        ),
    ]


def _page(key: str, title: str, subtitle: str, lines: Iterable[str], now: datetime) -> Page:
    head = f"## {title}" + (f"：{subtitle}" if subtitle else "")
    return Page(key, title, "\n".join([head, f"截至 {local(now)}。{INTERNAL_NOTE}", "", *lines]))


def _count(rows: Sequence[BoardRow]) -> str:
    cases = {row.case_id for row in rows if not row.is_closed}
    overdue = sum(row.is_overdue for row in rows)
    steps = sum(bool(row.step_id) for row in rows)
    return f"{len(cases)} 件，待办步骤 {steps} 个，超时限 {overdue} 个"


def _week(rows: Sequence[BoardRow], now: datetime, addresses: Addresses) -> list[str]:
    today = local_day(now)
    lines: list[str] = []
    for number in range(7 - today.weekday()):
        day = today + timedelta(days=number)
        due = [row for row in rows if row.due_at and local_day(row.due_at) == day]
        due = [row for row in due if not row.is_paused]
        word = "（今天）" if number == 0 else ""
        lines += [f"### {day.month}月{day.day}日 {WEEKDAYS[day.weekday()]}{word}", ""]
        lines += board_table(due, addresses) if due else ["没有到期的时限。"]
        lines.append("")
    return lines


def _person_table(
    rows: Sequence[BoardRow], people: Mapping[str, str], addresses: Addresses
) -> list[str]:
    lines = ["| 责任人 | 待办 | 超时限 | 最近的时限 |", "|---|---|---|---|"]
    for person_id, name in people.items():
        own = [row for row in rows if row.owner_id == person_id and row.step_id]
        dues = [row.due_at for row in own if row.due_at and not row.is_paused]
        nearest = local(min(dues)) if dues else "—"
        link = linked(shown(name), addresses.page(person_key(person_id)))
        lines.append(f"| {link} | {len(own)} | {sum(r.is_overdue for r in own)} | {nearest} |")
    nobody = [row for row in rows if row.step_id and not row.owner_id]
    if nobody:
        lines += ["", "### 无人在岗的步骤", "", *board_table(nobody, addresses)]
    return lines


def _own_page(
    person_id: str, name: str, rows: Sequence[BoardRow], now: datetime, addresses: Addresses
) -> Page:
    own = [row for row in rows if row.owner_id == person_id and row.step_id]
    lines = [*board_table(own, addresses), "", _home_link(addresses)]
    return _page(person_key(person_id), f"{shown(name)}的待办", f"{len(own)} 项", lines, now)


def _home_link(addresses: Addresses) -> str:
    return linked("返回首页", addresses.page(HOME))
