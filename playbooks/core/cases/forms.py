"""The form of an open step, and the check of an answer against it.

The same fields make the form in the Prefect UI, the command's questions and this check, so that an
answer is judged the same way wherever it was given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import cast
from urllib.parse import urlsplit

from playbooks.core.cases.state import OpenStep
from playbooks.core.facts import as_mappings
from playbooks.core.playbook.model import Approve, Ask, FormField, Recheck, Send, Timed

FileReference = Mapping[str, object]


class AnswerError(ValueError):
    """An answer that cannot be accepted; the text tells the operator in Chinese what to change."""


DECISION = FormField(
    name="decision", title="审核意见", type="enum", values={"approve": "同意", "return": "退回修改"}
)
OPINION = FormField(
    name="opinion", title="意见说明", type="text", required=False, help="退回时必须写明理由"
)
SCAN = FormField(
    name="scan",
    title="签字盖章扫描件",
    type="files",
    required=False,
    help="签字仍在纸面进行，此处登记扫描件",
)
SENDING = FormField(
    name="sending",
    title="发送情况",
    type="enum",
    values={"sent": "已发出", "unclear": "是否发出不确定"},
)
SENT_BY = FormField(
    name="sent_by", title="发送方式", type="text", max_length=200, help="如：机要交换、平台投诉入口"
)
RECEIPT = FormField(
    name="receipt",
    title="回执或受理编号",
    type="text",
    required=False,
    max_length=200,
    help="有回执才停止计时；尚未取得可先留空，取得后再次登记",
)
LOOK = FormField(
    name="look",
    title="复查结果",
    type="enum",
    values={"gone": "已关停或更名", "still_up": "仍在", "unknown": "无法确认"},
)
REMARK = FormField(name="remark", title="说明", type="text", required=False, max_length=1_000)


def form_of(step: Timed, open_step: OpenStep | None = None) -> tuple[FormField, ...]:
    """Return the questions that *step* puts to its owner now."""
    if isinstance(step, Ask):
        return step.form
    if isinstance(step, Approve):
        return (DECISION, OPINION, SCAN)
    if isinstance(step, Send):
        if open_step and open_step.is_dispatched:
            return (RECEIPT.model_copy(update={"required": True}),)
        return (SENDING, SENT_BY, RECEIPT)
    assert isinstance(step, Recheck)
    return (LOOK, REMARK)


def check_answers(fields: Sequence[FormField], given: Mapping[str, object]) -> dict[str, object]:
    """Return the answers, trimmed and complete; optional ones without an answer are left out.

    Raises:
        AnswerError: every fault at once, one sentence each.
    """
    faults = [f"没有名为 {name} 的栏目" for name in given if name not in {f.name for f in fields}]
    accepted: dict[str, object] = {}
    for field in fields:
        value = given.get(field.name)
        if isinstance(value, str):
            value = _identifier(field, value.strip())
        if value in (None, "", []):
            if field.required:
                faults.append(f"「{field.title}」必须填写")
            continue
        fault = _unstorable(value) or _CHECKS[field.type](field, value)
        if fault:
            faults.append(f"「{field.title}」{fault}")
        accepted[field.name] = value
    if faults:
        raise AnswerError(";".join(faults))
    return accepted


def _unstorable(value: object) -> str | None:
    """Name what neither catalog can hold, so that it is refused here and not by a database."""
    if isinstance(value, str) and any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value):
        return "含有无法保存的字符，请重新输入"
    return None


def _identifier(field: FormField, value: str) -> str:
    """Return the identifier behind a label: forms show labels, the ledger keeps identifiers."""
    if field.type == "account":
        return identifier_in(value)
    return next((name for name, label in field.values.items() if label == value), value)


def identifier_in(shown: str) -> str:
    """Return the id at the end of 「名称(编号)」 as lists show it, or the text itself."""
    found = re.fullmatch(r".*[(\uff08]([^()\uff08\uff09]+)[)\uff09]", shown.strip(), re.DOTALL)
    return found.group(1) if found else shown.strip()


def _check_account(field: FormField, value: object) -> str | None:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", str(value)):
        return "应为台账号，如 A0001"
    return None


def _check_text(field: FormField, value: object) -> str | None:
    if not isinstance(value, str):
        return "应为文字"
    if len(value) > field.max_length:
        return f"不得超过 {field.max_length} 字，现有 {len(value)} 字"
    return None


def _check_enum(field: FormField, value: object) -> str | None:
    if value not in field.values:
        return f"只能是：{'、'.join(field.values.values())}"
    return None


def _check_day(field: FormField, value: object) -> str | None:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return f"应为日期，如 2026-01-05；收到 {str(value)[:20]}"
    return None


def _check_url(field: FormField, value: object) -> str | None:
    text = str(value)
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or len(text) > field.max_length:
        return "应为 http 或 https 开头的网址"
    return None


def _check_files(field: FormField, value: object) -> str | None:
    if not isinstance(value, list):
        return "应为已登记的文件"
    for reference in as_mappings(cast("list[object]", value)):
        if not re.fullmatch(r"[0-9a-f]{64}", str(reference.get("sha256"))):
            return "含有未登记的文件"
    return None


_CHECKS = {
    "text": _check_text,
    "enum": _check_enum,
    "day": _check_day,
    "url": _check_url,
    "files": _check_files,
    "account": _check_account,
}
