"""The page of one case: what waits, its letters and evidence, and everything that happened.

Every line comes from the ledger; the page decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

import sql
from flows.operations.boards import (
    INTERNAL_NOTE,
    AnswerLink,
    BoardRow,
    board_table,
    markdown_text,
    read_board,
)
from flows.operations.channel_board import channels_of, entrance_lines
from flows.settings import Settings
from playbooks.core import ledger
from playbooks.core.cases import store
from playbooks.core.cases.forms import form_of
from playbooks.core.cases.store import CaseNotFoundError
from playbooks.core.facts import as_list, as_mapping
from playbooks.core.ledger import Event, EventType
from playbooks.core.masking import masked
from playbooks.core.messages import local
from playbooks.core.playbook import Playbook
from playbooks.core.playbook.diagram import mermaid
from playbooks.core.playbook.model import TIMED, FormField
from playbooks.core.working_hours import local_day
from sql.catalogs import open_catalog

EVENT_TITLES = {
    "case_opened": "立案",
    "report_joined": "并入举报",
    "evidence_sealed": "固定证据",
    "step_started": "开始步骤",
    "step_answered": "办理",
    "answer_refused": "办理被拒（已失效）",
    "step_completed": "步骤完成",
    "step_abandoned": "步骤超期转走",
    "decision_taken": "按判定表转办",
    "action_done": "系统办理",
    "action_failed": "系统办理未成",
    "subcase_opened": "启动子预案",
    "subcase_closed": "子预案办结",
    "deadline_armed": "起算时限",
    "deadline_paused": "时限暂停",
    "deadline_resumed": "时限恢复",
    "deadline_extended": "时限延长",
    "deadline_satisfied": "时限满足",
    "deadline_expired": "时限届满",
    "deadline_cancelled": "时限取消",
    "deadline_reprojected": "时限重新推算",
    "rung_claimed": "执行提醒",
    "nobody_reachable": "无人可联系",
    "letter_drafted": "起草函件",
    "reviewed": "审核",
    "signed": "签发",
    "returned": "退回",
    "letter_dispatched": "函件发出",
    "receipt_recorded": "登记回执",
    "sending_unclear": "发送情况不明",
    "reporter_answered": "答复举报人",
    "handed_over": "移交",
    "message_queued": "消息入队",
    "message_delivered": "消息送达",
    "message_unknown": "消息结果不明",
    "message_failed": "消息发送失败",
    "message_rerouted": "消息改走其他渠道",
    "acknowledged": "知悉",
    "acknowledgement_refused": "知悉被拒（已失效）",
    "case_closed": "办结",
    "packet_made": "生成数据包",
}

PLAIN_FACTS = (
    "report_id",
    "title",
    "step_title",
    "deadline_title",
    "number",
    "reason",
    "receipt",
    "child",
    "file_name",
    "outcome_title",
    "detail",
)


def case_markdown(settings: Settings, case_id: str, now: datetime, link: AnswerLink) -> str:
    """Return the page of one case as Markdown.

    Raises:
        CaseNotFoundError: there is no such case.
    """
    board = [row for row in read_board(settings, now) if row.case_id == case_id]
    with open_catalog(settings.ops) as connection:
        events = ledger.read_case(connection, case_id)
        summary = sql.rows(connection, "cases/summary", case_id=case_id)
        if not events or not summary:
            raise CaseNotFoundError(f"没有案件 {case_id}；`juzhen cases` 列出在办案件")
        playbook = store.read_playbook(connection, str(summary[0]["playbook_digest"]))
        names = sql.rows(connection, "letters/person_names")
    people = {str(row["person_id"]): str(row["name"]) for row in names}
    closed = "（已办结）" if summary[0]["status"] == "closed" else ""
    lines = [
        f"## {case_id} {markdown_text(str(summary[0]['title']))}{closed}",
        f"截至 {local(now)}。{INTERNAL_NOTE}",
        "",
        _playbook_line(playbook),
        "",
        *board_table(board, link),
        "",
        *_where_it_stands(playbook, board),
        *_letter_lines(settings, case_id, events),
        *_evidence_lines(events),
        *_channel_lines(settings, events[0], now),
        *_history_lines(events, playbook, people),
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
    return ["```mermaid", mermaid(playbook, current), "```", ""]


def _playbook_line(playbook: Playbook) -> str:
    """Say which version the case is held to, however its playbook was edited since."""
    origin = f"，由 {playbook.derived_from} 修订" if playbook.derived_from else ""
    marking = playbook.marking
    mark = f"；知悉范围 TLP:{marking.tlp.upper()}" if marking else ""
    internal = "，内容不进聊天" if playbook.is_internal else ""
    return (
        f"预案：{markdown_text(playbook.title)} 第 {playbook.version} 版"
        f"（摘要 {playbook.digest[:12]}{origin}）{mark}{internal}"
    )


def _letter_lines(settings: Settings, case_id: str, events: Sequence[Event]) -> list[str]:
    drafted = [event for event in events if event.event_type is EventType.LETTER_DRAFTED]
    if not drafted:
        return []
    folder = settings.outbox / case_id
    lines = ["### 函件", "", f"文件在 `{folder}`，.docx 可修改后打印签字盖章。", ""]
    lines += ["| 文号 | 标题 | 起草时间 | 待核实 | docx 校验值 |", "|---|---|---|---|---|"]
    confirmed = _confirmed(events)
    for event in drafted:
        files = as_mapping(event.payload["files"])
        title = str(event.payload.get("title", event.payload["letter"]))
        lines.append(
            f"| {markdown_text(str(event.payload['number']))} | {markdown_text(title)} "
            f"| {local(event.occurred_at)} | {_unverified(event, confirmed)} | `{files['docx']}` |"
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
    shown = [f"{what}{'（已核对）' if what in confirmed else ''}" for what in stated]
    return markdown_text("；".join(shown)) or "无"


def _evidence_lines(events: Sequence[Event]) -> list[str]:
    sealed = [event for event in events if event.event_type is EventType.EVIDENCE_SEALED]
    if not sealed:
        return []
    lines = ["### 证据", "", "| 文件 | 固定时间 | SHA-256 |", "|---|---|---|"]
    for event in sealed:
        name = markdown_text(str(event.payload["file_name"]))
        lines.append(f"| {name} | {local(event.occurred_at)} | `{event.payload['sha256']}` |")
    return [*lines, ""]


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
        f"{markdown_text(channel.title)}：{markdown_text(channel.complaint)}；"
        f"平台通常时长：{markdown_text(usual)}{f'。**{warning}**' if warning else ''}",
        "",
        *entrance_lines(channel),
        "",
    ]


def _history_lines(
    events: Sequence[Event], playbook: Playbook, people: Mapping[str, str]
) -> list[str]:
    lines = ["### 办件流水", "", "| 序号 | 时间 | 事项 | 内容 | 操作人 |", "|---|---|---|---|---|"]
    for event in events:
        title = EVENT_TITLES.get(event.event_type, event.event_type)
        lines.append(
            f"| {event.position} | {local(event.occurred_at)} | {title} "
            f"| {markdown_text(masked(_gist(event, playbook)))} | {markdown_text(_actor(event, people))} |"
        )
    return lines


def _actor(event: Event, people: Mapping[str, str]) -> str:
    kind, _, person_id = event.actor.partition(":")
    return people.get(person_id, person_id) if kind == "person" else "系统"


def _gist(event: Event, playbook: Playbook) -> str:
    payload = event.payload
    if event.event_type is EventType.STEP_ANSWERED:
        answers = as_mapping(payload["answers"])
        return _answers(answers, _fields(playbook, str(payload["step_id"])))
    if event.event_type is EventType.CASE_OPENED:
        return _answers(as_mapping(payload["inputs"]), playbook.inputs)
    parts = [str(payload[name]) for name in PLAIN_FACTS if payload.get(name)]
    if payload.get("letters"):
        parts.append("、".join(str(name) for name in as_list(payload["letters"])))
    if payload.get("due_at"):
        parts.append(f"至 {local(str(payload['due_at']))}")
    return " ".join(parts)


def _fields(playbook: Playbook, step_id: str) -> Sequence[FormField]:
    step = playbook.step(step_id)
    return form_of(step) if isinstance(step, TIMED) else ()


def _answers(answers: Mapping[str, object], fields: Sequence[FormField]) -> str:
    given = {name: str(value) for name, value in answers.items() if not isinstance(value, list)}
    return "；".join(
        f"{field.title}：{field.values.get(given[field.name], given[field.name])}"
        for field in fields
        if field.name in given
    )
