"""事件总览: one page an incident, readable in ten seconds; every line comes from the ledger.

What must be decided next stands first, then the clocks with the time they have left, then who stays
silent, then who works on what, then the last three things that happened.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import duckdb

import sql
from flows.operations.addresses import Addresses, case_key, linked
from flows.operations.board_pages import Page
from flows.operations.boards import INTERNAL_NOTE, BoardRow, board_rows, shown
from flows.operations.shipped import parsed, shipped
from flows.operations.silence import STATUSES, Dispatch, dispatches
from flows.settings import Settings
from playbooks.core import ledger
from playbooks.core.case_file.clocks import Clock, clocks_of, length_text
from playbooks.core.cases import store
from playbooks.core.cases.folding import fold
from playbooks.core.cases.state import CaseState
from playbooks.core.cases.telling import EVENT_TITLES, actor_of, gist_of
from playbooks.core.documents.text import visible
from playbooks.core.ledger import Event, EventType
from playbooks.core.limits import LimitKind
from playbooks.core.masking import masked
from playbooks.core.messages import case_title, local
from playbooks.core.playbook import Playbook
from playbooks.core.playbook.model import Clock as ClockStep
from playbooks.core.playbook.model import Decide
from playbooks.core.register.columns import labels
from playbooks.core.war_room import ClockRow, LastRow, StepRow, WarRoom, html_of
from sql.catalogs import open_catalog

LAST = 3
MOST_NAMES = 20
MOST_PAGES = 20
QUIET = frozenset(
    {
        *(EventType.MESSAGE_QUEUED, EventType.MESSAGE_DELIVERED, EventType.DEADLINE_ARMED),
        *(EventType.DEADLINE_SATISFIED, EventType.STEP_STARTED, EventType.STEP_COMPLETED),
        *(EventType.RUNG_CLAIMED, EventType.DECISION_TAKEN, EventType.MESSAGE_REROUTED),
    }
)
"""What the system does for itself; the last three events are what people did, or what went wrong."""


def is_incident(playbook: Playbook) -> bool:
    """Tell whether cases of a playbook have such a page: those whose clocks run beside the work."""
    return any(isinstance(step, ClockStep) for step in playbook.steps)


def war_room(settings: Settings, case_id: str, now: datetime) -> WarRoom:
    """Return the page of one incident as of *now*.

    Raises:
        CaseNotFoundError: there is no such case.
    """
    watched = dispatches(settings, case_id)
    with open_catalog(settings.ops) as connection:
        playbook = store.read_playbook(
            connection, store.read_state(connection, case_id).playbook_digest
        )
        events = ledger.read_case(connection, case_id)
        rows = [row for row in board_rows(connection, now) if row.case_id == case_id]
        people = _people(connection)
        names = _accounts(connection)
    state = fold(case_id, events)
    running = [clock for clock in clocks_of(events) if not clock.ending]
    return WarRoom(
        case_id=case_id,
        title=case_title(
            {"title": state.title, "inputs": state.inputs, "is_drill": state.is_drill}
        ),
        as_of=local(now),
        since=_since(state, now),
        grade=_grade(state, playbook),
        is_open=state.is_open,
        decision=_decision(rows),
        clocks=[_clock_row(clock, now) for clock in sorted(running, key=lambda c: c.due_at)],
        steps=[_step_row(row) for row in rows if row.step_id],
        silence=[line for one in watched for line in _silence_lines(one, names)],
        last=[_last_row(event, playbook, people) for event in _latest(events)],
    )


def open_incidents(settings: Settings) -> list[str]:
    """Return the open cases that have such a page, drills too, oldest first."""
    texts = {name: path.read_text(encoding="utf-8") for name, path in shipped().items()}
    names = [name for name, text in texts.items() if is_incident(parsed(text, name))]
    with open_catalog(settings.ops) as connection:
        return [
            str(row["case_id"])
            for name in names
            for row in sql.rows(
                connection, "cases/open_of_playbook", playbook_id=name, limit=MOST_PAGES
            )
        ]


def incident_pages(settings: Settings, now: datetime, addresses: Addresses) -> list[Page]:
    """Return the page of every open incident, and lay each as HTML where people pass files on."""
    pages: list[Page] = []
    for case_id in open_incidents(settings):
        room = war_room(settings, case_id, now)
        lay_out(settings, room)
        text = markdown_of(room, addresses)
        pages.append(Page(f"incident-{case_id.lower()}", f"事件总览 {case_id}", text))
    return pages


def lay_out(settings: Settings, room: WarRoom) -> Path:
    """Write the page as HTML beside the case's letters and return its path."""
    folder = settings.outbox / room.case_id
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "事件总览.html"
    partial = path.with_suffix(".part")
    partial.write_text(html_of(room), encoding="utf-8")
    partial.replace(path)
    return path


def markdown_of(room: WarRoom, addresses: Addresses) -> str:
    """Return the page as Markdown, for the interface."""
    case = linked(room.case_id, addresses.page(case_key(room.case_id)))
    lines = [
        f"## {shown(room.title)}{'' if room.is_open else '（已办结）'}",
        f"{case}　等级：{room.grade}　{room.since}　截至 {room.as_of}",
        "",
        f"**下一步　{shown(room.decision)}**",
        "",
        "| 还剩 | 时限 | 到期 |",
        "|---|---|---|",
        *(
            f"| **{clock.left}** | {shown(clock.title)}（{shown(clock.kind)}） | {clock.due} |"
            for clock in room.clocks
        ),
        "",
        "### 统一部署",
        "",
        *([f"- {shown(line, 2_000)}" for line in room.silence] or ["没有正在监看的部署。"]),
        "",
        "### 谁在办什么",
        "",
        "| 步骤 | 责任人 | 到期 |",
        "|---|---|---|",
        *(f"| {shown(step.title)} | {shown(step.owner)} | {step.due} |" for step in room.steps),
        "",
        "### 最近三件事",
        "",
        "| 时间 | 事项 | 何人 |",
        "|---|---|---|",
        *(f"| {one.at} | {shown(one.what)} | {shown(one.who)} |" for one in room.last),
        "",
        INTERNAL_NOTE,
    ]
    return "\n".join(lines)


def _people(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    rows = sql.rows(connection, "letters/person_names")
    return {str(row["person_id"]): str(row["name"]) for row in rows}


def _accounts(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    platforms = labels("platform")
    return {
        str(row["account_id"]): f"{row['name']}（{platforms[str(row['platform'])]}）"
        for row in sql.rows(connection, "letters/own_accounts")
    }


def _since(state: CaseState, now: datetime) -> str:
    known_at = state.inputs.get("known_at")
    assert state.opened_at is not None
    start = datetime.fromisoformat(str(known_at)) if known_at else state.opened_at
    word = "获知" if known_at else "立案"
    return f"{word}于 {local(start)}，已过 {length_text((now - start).total_seconds())}"


def _grade(state: CaseState, playbook: Playbook) -> str:
    tables = [step for step in playbook.steps if isinstance(step, Decide) and step.gives]
    for table in tables:
        given = {
            str(value)
            for answers in state.answers.values()
            for name, value in answers.items()
            if name == table.id and value in table.gives
        }
        if given:
            return "、".join(table.gives[value] for value in given)
        if table.id in state.answers:
            return f"建议{table.gives[str(state.answers[table.id]['value'])]}，待确认"
    return "尚未定级"


def _decision(rows: Sequence[BoardRow]) -> str:
    """Return the most pressing open step: what somebody must do or decide next."""
    waiting = [row for row in rows if row.step_id and row.due_at]
    if not waiting:
        return "没有待办步骤"
    first = min(waiting, key=lambda row: (row.due_at is None, row.due_at))
    assert first.due_at is not None
    return f"{first.step_title}：{first.owner}，{local(first.due_at)} 前"


def _clock_row(clock: Clock, now: datetime) -> ClockRow:
    seconds = (clock.due_at - now).total_seconds()
    left = f"还剩 {length_text(seconds)}" if seconds >= 0 else f"已超 {length_text(-seconds)}"
    kind = f"法定：{clock.basis}" if clock.kind is LimitKind.STATUTORY else "内部时限，非法定"
    return ClockRow(clock.title, local(clock.due_at), left, kind, seconds < 0)


def _step_row(row: BoardRow) -> StepRow:
    due = local(row.due_at) if row.due_at else "—"
    shown_due = f"{due}（已超）" if row.is_overdue else due
    return StepRow(row.step_title, row.owner, shown_due, row.is_overdue)


def _silence_lines(one: Dispatch, names: dict[str, str]) -> list[str]:
    lines = [f"应发布 {len(one.accounts)} 个，已发布 {len(one.of('published'))} 个"]
    groups = {
        STATUSES[status]: [each.account_id for each in one.of(status)]
        for status in ("silent", "other", "unknown")
    }
    for word, accounts in {**groups, "已发布，未确认置顶": one.unpinned}.items():
        found = [names.get(account, account) for account in accounts]
        if found:
            more = f" 等 {len(found)} 个" if len(found) > MOST_NAMES else ""
            listed = "、".join(found[:MOST_NAMES])
            lines.append(f"{word} {len(found)} 个：{listed}{more}")
    return lines


def _latest(events: Sequence[Event]) -> list[Event]:
    return [event for event in events if event.event_type not in QUIET][-LAST:][::-1]


def _last_row(event: Event, playbook: Playbook, people: dict[str, str]) -> LastRow:
    step_id = str(event.payload.get("step_id") or "")
    step = f"「{playbook.step(step_id).title}」" if step_id in _steps(playbook) else ""
    gist = visible(masked(gist_of(event, playbook, people)), 120)
    what = f"{EVENT_TITLES[event.event_type]}{step} {gist}".strip()
    return LastRow(local(event.occurred_at), what, actor_of(event, people))


def _steps(playbook: Playbook) -> set[str]:
    return {step.id for step in playbook.every_step()}
