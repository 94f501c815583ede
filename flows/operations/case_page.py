"""The page of one case: what waits, its letters and evidence, and everything that happened.

Every line comes from the ledger; the page decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

import sql
from flows.calendars import office_calendar
from flows.office import read_office
from flows.operations.addresses import Addresses
from flows.operations.boards import INTERNAL_NOTE, BoardRow, board_rows, shown
from flows.operations.case_actions import action_lines
from flows.operations.case_clock import clock_lines
from flows.operations.case_history import history_lines
from flows.operations.channel_board import channels_of, entrance_lines
from flows.settings import Settings, SettingsError
from playbooks.core import ledger
from playbooks.core.cases import store
from playbooks.core.cases.folding import fold
from playbooks.core.cases.state import CaseState
from playbooks.core.cases.store import CaseNotFoundError
from playbooks.core.cases.telling import early_text, report_name
from playbooks.core.facts import as_list, as_mapping
from playbooks.core.ledger import Event, EventType
from playbooks.core.messages import local
from playbooks.core.playbook import Playbook
from playbooks.core.playbook.diagram import mermaid
from playbooks.core.working_hours import local_day
from sql.catalogs import open_catalog

PROGRESS = {
    EventType.LETTER_DRAFTED: "已重新起草，本稿作废",
    EventType.REVIEWED: "已审核，待签发",
    EventType.SIGNED: "已签发，待发出",
    EventType.RETURNED: "已退回修改",
    EventType.SENDING_UNCLEAR: "是否发出不确定",
    EventType.LETTER_DISPATCHED: "已发出，待回执",
    EventType.RECEIPT_RECORDED: "已有回执",
}


def case_markdown(settings: Settings, case_id: str, now: datetime, addresses: Addresses) -> str:
    """Return the page of one case as Markdown.

    Raises:
        CaseNotFoundError: there is no such case.
    """
    with open_catalog(settings.ops) as connection:
        board = [row for row in board_rows(connection, now) if row.case_id == case_id]
        events = ledger.read_case(connection, case_id)
        summary = sql.rows(connection, "cases/summary", case_id=case_id)
        if not events or not summary:
            raise CaseNotFoundError(f"没有案件 {case_id}；`juzhen cases` 列出在办案件")
        playbook = store.read_playbook(connection, str(summary[0]["playbook_digest"]))
        names = sql.rows(connection, "letters/person_names")
        calendar = office_calendar(settings)
        clocks = clock_lines(connection, case_id, calendar, now, addresses)
    people = {str(row["person_id"]): str(row["name"]) for row in names}
    is_open = summary[0]["status"] == "open"
    lines = [
        f"## {case_id} {shown(str(summary[0]['title']))}{'' if is_open else '（已办结）'}",
        *_lineage_lines(events[0]),
        *_call_lines(settings, board),
        f"截至 {local(now)}。{INTERNAL_NOTE}",
        "",
        _playbook_line(playbook),
        "",
        *_outcome(events, people),
        *(action_lines(case_id, board, addresses, is_open=is_open) if is_open or board else []),
        *_blocked_lines(playbook, fold(case_id, events)),
        *clocks,
        *_reporter_lines(case_id, events),
        *_letter_lines(settings, case_id, events),
        *_evidence_lines(events),
        *_channel_lines(settings, events[0], now),
        *_where_it_stands(playbook, board),
        *history_lines(events, playbook, people),
    ]
    return "\n".join(lines)


def case_events(settings: Settings, case_id: str) -> list[dict[str, object]]:
    """Return a case's ledger entries as JSON-ready facts."""
    with open_catalog(settings.ops) as connection:
        events = ledger.read_case(connection, case_id)
    if not events:
        raise CaseNotFoundError(f"没有案件 {case_id}；`juzhen cases` 列出在办案件")
    return [{**asdict(event), "occurred_at": event.occurred_at.isoformat()} for event in events]


def _where_it_stands(playbook: Playbook, board: Sequence[BoardRow]) -> list[str]:
    """Draw the version that the case is held to, with the open steps marked."""
    current = {row.step_id for row in board if row.step_id}
    return ["### 流程与所在步骤", "", "```mermaid", mermaid(playbook, current), "```", ""]


def _playbook_line(playbook: Playbook) -> str:
    """Say which version the case is held to, however its playbook was edited since."""
    origin = f"，由 {playbook.derived_from} 修订" if playbook.derived_from else ""
    marking = playbook.marking
    mark = f"；知悉范围 TLP:{marking.tlp.upper()}" if marking else ""
    internal = "，内容不进聊天" if playbook.is_internal else ""
    return (
        f"预案：{shown(playbook.title)} 第 {playbook.version} 版"
        f"（摘要 {playbook.digest[:12]}{origin}）{mark}{internal}"
    )


def _outcome(events: Sequence[Event], people: Mapping[str, str]) -> list[str]:
    lines: list[str] = []
    for event in events:
        if event.event_type is EventType.CASE_CLOSED:
            lines += [f"办结：{shown(str(event.payload['outcome_title']))}", ""]
            early = as_mapping(event.payload.get("early") or {})
            lines += [f"**{shown(early_text(early, people), 500)}**", ""] if early else []
    return lines


def _blocked_lines(playbook: Playbook, state: CaseState) -> list[str]:
    """Say what the system cannot do by itself and why; it tries again at every sweep."""
    lines = [
        f"**系统未能办理「{shown(playbook.step(step.step_id).title)}」**：{shown(step.blocked_by, 500)}；"
        "补正后自动重试"
        for step in state.open_steps.values()
        if step.blocked_by
    ]
    return [part for line in lines for part in (line, "")]


def _reporter_lines(case_id: str, events: Sequence[Event]) -> list[str]:
    """Return who reported the matter and who of them still waits for an answer."""
    answered = fold(case_id, events).reporters
    if not answered:
        return []
    reached = {
        str(event.payload["report_id"]): str(event.payload["reporter"])
        for event in events
        if event.event_type is EventType.REPORT_JOINED
    }
    owed = sum(not is_answered for is_answered in answered.values())
    lines = [f"### 举报人：{len(answered)} 件，尚未答复 {owed} 件", ""]
    lines += ["| 来源与编号 | 联系方式 | 答复 |", "|---|---|---|"]
    for report_id, is_answered in answered.items():
        word = "已答复" if is_answered else "**尚未答复**"
        contact = shown(reached.get(report_id, "")) or "未留"
        lines.append(f"| {shown(report_name(report_id))} | {contact} | {word} |")
    return [*lines, ""]


def _letter_lines(settings: Settings, case_id: str, events: Sequence[Event]) -> list[str]:
    drafted = [event for event in events if event.event_type is EventType.LETTER_DRAFTED]
    if not drafted:
        return []
    folder = settings.outbox / case_id
    lines = ["### 函件", "", f"文件在 `{folder}`，.docx 可修改后打印签字盖章。", ""]
    confirmed = _confirmed(events)
    for event in drafted:
        files = as_mapping(event.payload["files"])
        title = str(event.payload.get("title", event.payload["letter"]))
        lines.append(
            f"- **{shown(str(event.payload['number']))}** {shown(title)}："
            f"{_progress(event, events)}（{local(event.occurred_at)} 起草，"
            f"docx 校验值 `{str(files['docx'])[:16]}`）{_unverified(event, confirmed)}"
        )
    return [*lines, ""]


def _confirmed(events: Sequence[Event]) -> set[str]:
    """Return what a person of the signing chain has checked."""
    return {
        str(what)
        for event in events
        if event.event_type in (EventType.REVIEWED, EventType.SIGNED)
        for what in as_list(event.payload.get("confirmed", ()))
    }


def _unverified(event: Event, confirmed: set[str]) -> str:
    stated = [str(what) for what in as_list(event.payload.get("unverified", ()))]
    marked = [f"{what}{'（已核对）' if what in confirmed else ''}" for what in stated]
    return f"；待核实：{shown('；'.join(marked))}" if marked else ""


def _progress(drafted: Event, events: Sequence[Event]) -> str:
    """Return how far a letter has come, from what happened after it was drafted."""
    name = drafted.payload["letter"]
    so_far = "待审签"
    for event in events[events.index(drafted) + 1 :]:
        payload = event.payload
        is_about = name == payload.get("letter") or name in as_list(payload.get("letters", []))
        if is_about and event.event_type in PROGRESS:
            so_far = PROGRESS[event.event_type]
            if event.event_type is EventType.RECEIPT_RECORDED:
                so_far += f" {shown(str(payload['receipt']), 80)}"
            if event.event_type is EventType.LETTER_DRAFTED:
                break
    return so_far


def _evidence_lines(events: Sequence[Event]) -> list[str]:
    sealed = [event for event in events if event.event_type is EventType.EVIDENCE_SEALED]
    if not sealed:
        return []
    lines = ["### 证据", ""]
    for event in sealed:
        name = shown(str(event.payload["file_name"]))
        digest = event.payload["sha256"]
        lines.append(f"- {name}，{local(event.occurred_at)} 固定，SHA-256 `{digest}`")
    return [*lines, ""]


def _call_lines(settings: Settings, board: Sequence[BoardRow]) -> list[str]:
    """Say whom to call while somebody has to call the police; a missing entry is said, not guessed."""
    waiting = {row.step_id for row in board}
    if "consult" in waiting:
        return _consultation_lines(settings)
    if "call_public_security" not in waiting:
        return []
    try:
        contact = read_office(settings).public_security_contact
    except SettingsError:
        contact = None
    known = (
        f"{shown(contact.name)} {shown(contact.phone)}"
        if contact
        else "office.yml 未填写，请拨 110"
    )
    return [f"**立即电话联系公安机关**：{known}", ""]


def _consultation_lines(settings: Settings) -> list[str]:
    """Say whom to call to the consultation (Article 29); a missing directory is said, not guessed."""
    try:
        contacts = read_office(settings).consultation
    except SettingsError:
        contacts = ()
    if not contacts:
        return ["**会商联系人**：office.yml 的 consultation 未填写（宣传、网信、公安等）", ""]
    listed = "；".join(f"{shown(c.body)} {shown(c.name)} {shown(c.phone)}" for c in contacts)
    return [f"**会商联系人**：{listed}", ""]


def _lineage_lines(opened: Event) -> list[str]:
    """Say which closed case this one takes up again."""
    earlier = opened.payload.get("reappears_of")
    return (
        [f"**再次出现**：此前案件 {earlier} 已处置关停，本案为同一账号再次出现。", ""]
        if earlier
        else []
    )


def _channel_lines(settings: Settings, opened: Event, now: datetime) -> list[str]:
    """Return where to complain about this case's account, and what to know before relying on it."""
    platform = str(as_mapping(opened.payload["inputs"]).get("platform", ""))
    channels = channels_of(settings)
    if platform not in channels.platforms:
        return []
    channel = channels.platforms[platform]
    warning = channels.warning(platform, local_day(now))
    usual = channel.usual.text if channel.usual else "未找到"
    return [
        "### 投诉渠道",
        "",
        f"{shown(channel.title)}：{shown(channel.complaint)}；"
        f"平台通常时长：{shown(usual)}{f'。**{warning}**' if warning else ''}",
        "",
        *entrance_lines(channel),
        "",
    ]
