"""The entries of a case in Chinese: what each kind is called, what one says, who did it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from playbooks.core.cases.deadline_changes import reason_title
from playbooks.core.cases.forms import form_of
from playbooks.core.facts import as_list, as_mapping
from playbooks.core.ledger import Event, EventType
from playbooks.core.messages import local
from playbooks.core.playbook import Playbook
from playbooks.core.playbook.model import TIMED, FormField

EVENT_TITLES = {
    "case_opened": "立案",
    "report_joined": "并入举报",
    "evidence_sealed": "固定证据",
    "step_started": "开始步骤",
    "step_answered": "办理",
    "answer_refused": "办理被拒（已失效）",
    "step_completed": "步骤完成",
    "step_abandoned": "步骤中止",
    "decision_taken": "按判定表转办",
    "action_done": "系统办理",
    "action_failed": "系统办理未成",
    "step_blocked": "系统办理受阻",
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
    "directive_issued": "统一部署发布",
    "publication_recorded": "登记账号已发布",
    "pin_recorded": "登记账号已置顶",
    "silence_found": "发现账号失声",
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
    "analysis_written": "填写数据包分析",
}

REPORT_SOURCES = {"form": "登记表单", "command": "命令登记", "hotline": "12345 热线"}
UNNUMBERED = frozenset({"form", "command"})  # numbers of our own making, long and meaningless
ABANDONED = {"expired": "超期转走", "closed_early": "随案件提前办结"}
PLAIN_FACTS = (
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
    "value_title",
    "account_id",
    "wording",
    "url",
)


def report_name(report_id: str) -> str:
    """Return how pages call a report: its source in Chinese, and its number."""
    source, _, number = report_id.partition(":")
    title = REPORT_SOURCES.get(source, source)
    return f"{title} {number[:8] if source in UNNUMBERED else number}".strip()


def actor_of(event: Event, people: Mapping[str, str]) -> str:
    """Return who did it: a person's name, or the system."""
    kind, _, person_id = event.actor.partition(":")
    return people.get(person_id, person_id) if kind == "person" else "系统"


def gist_of(event: Event, playbook: Playbook, people: Mapping[str, str]) -> str:
    """Return what an entry says, in a line; personal data is not masked here."""
    payload = event.payload
    if event.event_type is EventType.STEP_ANSWERED:
        answers = as_mapping(payload["answers"])
        return answers_text(answers, fields_of(playbook, str(payload["step_id"])))
    if event.event_type is EventType.CASE_OPENED:
        return answers_text(as_mapping(payload["inputs"]), playbook.inputs)
    if event.event_type is EventType.STEP_ABANDONED:
        return ABANDONED.get(str(payload["reason"]), str(payload["reason"]))
    parts = [reason_title(payload[name]) for name in PLAIN_FACTS if payload.get(name)]
    if payload.get("report_id"):
        parts.insert(0, report_name(str(payload["report_id"])))
    if payload.get("to_person_id"):
        receiver = str(payload["to_person_id"])
        parts.insert(0, f"移交给 {people.get(receiver, receiver)}")
    return " ".join([*parts, *_more(event, people)])


def _more(event: Event, people: Mapping[str, str]) -> Iterator[str]:
    payload = event.payload
    if payload.get("early"):
        yield early_text(as_mapping(payload["early"]), people)
    if payload.get("rung_number") and event.event_type is EventType.RUNG_CLAIMED:
        yield f"第 {payload['rung_number']} 级提醒"
    if payload.get("letters"):
        yield "、".join(str(name) for name in as_list(payload["letters"]))
    if payload.get("due_at"):
        yield f"至 {local(str(payload['due_at']))}"


def early_text(early: Mapping[str, object], people: Mapping[str, str]) -> str:
    """Return why a case was closed early, who proposed and approved it, and its open letters."""
    proposed, approved = str(early["proposed_by"]), str(early["approved_by"])
    text = (
        f"提前办结，事由：{early['reason']}；提出人 {people.get(proposed, proposed)}，"
        f"批准人 {people.get(approved, approved)}"
    )
    left = "；".join(str(letter) for letter in as_list(early["letters_left"]))
    text += f"；未办完的函件：{left}，处理：{early['letters_note']}" if left else ""
    statutory = "、".join(str(title) for title in as_list(early["statutory_left"]))
    return f"{text}；尚在计时的法定时限：{statutory}" if statutory else text


def fields_of(playbook: Playbook, step_id: str) -> Sequence[FormField]:
    """Return the questions of a step; none for one that the system takes."""
    step = playbook.step(step_id)
    return form_of(step) if isinstance(step, TIMED) else ()


def answers_text(answers: Mapping[str, object], fields: Sequence[FormField]) -> str:
    """Return answers as 「题目：内容」, labels for identifiers; files are listed elsewhere."""
    given = {name: str(value) for name, value in answers.items() if not isinstance(value, list)}
    return "；".join(
        f"{field.title}：{field.values.get(given[field.name], given[field.name])}"
        for field in fields
        if field.name in given
    )
