"""The form of an open step, and the check of an answer against it.

The same fields make the form in the Prefect UI, the command's questions and this check, so that an
answer is judged the same way wherever it was given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import cast
from urllib.parse import urlsplit

from playbooks.core.cases.questions import (
    AGAIN,
    BACK,
    CONFIRMED,
    DECISION,
    DONE,
    LOOK,
    NEEDED_RECEIPT,
    OPINION,
    PUBLICATION,
    RECEIPT,
    REMARK,
    REVIEW_FORM,
    RULING,
    RULING_REASON,
    SCAN,
    SENDING,
    SENT_BY,
)
from playbooks.core.cases.state import OpenStep
from playbooks.core.facts import as_mappings
from playbooks.core.playbook.model import (
    Approve,
    Ask,
    Clock,
    FormField,
    Improve,
    Publish,
    Recheck,
    ReviewStep,
    Send,
    Timed,
    WaitReceipt,
    Watch,
)
from playbooks.core.quarter import QuarterError, quarter_of
from playbooks.core.working_hours import OFFICE_ZONE
from sql.refusal import Refusal

FileReference = Mapping[str, object]


class AnswerError(Refusal, ValueError):
    """An answer that cannot be accepted; the text tells the operator in Chinese what to change.

    Attributes:
        by_field: name of each field at fault -> its sentence; empty where the fault is of no one field.
    """

    def __init__(self, sentence: str, by_field: Mapping[str, str] | None = None) -> None:
        """Keep what is wrong with which field beside the sentence that says all of it."""
        super().__init__(sentence)
        self.by_field = by_field or {}


def form_of(step: Timed, open_step: OpenStep | None = None) -> tuple[FormField, ...]:
    """Return the questions that *step* puts to its owner now."""
    if isinstance(step, Ask):
        return step.form
    if isinstance(step, Approve):
        return (DECISION, OPINION, SCAN, CONFIRMED)
    if isinstance(step, Send):
        again = (AGAIN,) if step.once == "case" else ()
        if open_step and open_step.is_dispatched:
            # The form in the UI is one for both turns, so what was answered before may come again.
            return (*map(_optional, (SENDING, SENT_BY)), NEEDED_RECEIPT, *again)
        return (SENDING, SENT_BY, RECEIPT, *again)
    return _FIXED[type(step)]


_FIXED: Mapping[type[Timed], tuple[FormField, ...]] = {
    WaitReceipt: (NEEDED_RECEIPT,),
    ReviewStep: REVIEW_FORM,
    Improve: (DONE,),
    Watch: (BACK, REMARK),
    Recheck: (LOOK, REMARK),
    Clock: (RULING, RULING_REASON),
    Publish: PUBLICATION,
}


def _optional(field: FormField) -> FormField:
    return field.model_copy(update={"required": False})


def check_answers(fields: Sequence[FormField], given: Mapping[str, object]) -> dict[str, object]:
    """Return the answers, trimmed and complete; optional ones without an answer are left out.

    Raises:
        AnswerError: every fault at once, one sentence each.
    """
    known = {field.name for field in fields}
    faults = {name: f"没有名为 {name} 的栏目" for name in given if name not in known}
    accepted: dict[str, object] = {}
    for field in fields:
        value = given.get(field.name)
        if isinstance(value, str):
            value = _meant(field, value.strip())
        if value in (None, "", []):
            if field.required:
                faults[field.name] = f"「{field.title}」必须填写"
            continue
        fault = _unstorable(value) or _CHECKS[field.type](field, value)
        if fault:
            faults[field.name] = f"「{field.title}」{fault}"
        accepted[field.name] = value
    faults |= _missing(fields, accepted)
    if faults:
        raise AnswerError("；".join(faults.values()), faults)
    return accepted


def _missing(fields: Sequence[FormField], accepted: Mapping[str, object]) -> dict[str, str]:
    """Name the fields that other answers make required and nobody filled in."""
    shown = {field.name: field for field in fields}
    faults: dict[str, str] = {}
    for field in fields:
        wanted = field.required_when
        if not wanted or field.name in accepted:
            continue
        if all(accepted.get(name) == value for name, value in wanted.items()):
            because = "、".join(
                f"「{shown[name].title}」为{shown[name].values[value]}"
                for name, value in wanted.items()
            )
            faults[field.name] = f"{because}时，「{field.title}」必须填写"
    return faults


def _unstorable(value: object) -> str | None:
    """Name what neither catalog can hold, so that it is refused here and not by a database."""
    if isinstance(value, str) and any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value):
        return "含有无法保存的字符，请重新输入"
    return None


def _meant(field: FormField, value: str) -> object:
    """Return what a text from a form or the command line means.

    Forms show labels, the ledger keeps identifiers; an instant without a zone is the office's.
    """
    if field.type == "account":
        return identifier_in(value)
    if field.type == "number":
        return int(value) if re.fullmatch(r"[0-9]{1,15}", value) else value
    if field.type == "instant":
        return _instant(value)
    if field.type == "quarter":
        return _quarter(value)
    return next((name for name, label in field.values.items() if label == value), value)


def identifier_in(shown: str) -> str:
    """Return the id at the end of 「名称(编号)」 as lists show it, or the text itself."""
    found = re.fullmatch(r".*[(\uff08]([^()\uff08\uff09]+)[)\uff09]", shown.strip(), re.DOTALL)
    return found.group(1) if found else shown.strip()


def _check_account(field: FormField, value: object) -> str | None:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", str(value)):
        return "应为台账号，如 A0001"
    return None


def _check_accounts(field: FormField, value: object) -> str | None:
    if not isinstance(value, list):
        return "应为台账号，如 A0001、A0003，或写「全部」"
    listed = cast("list[object]", value)
    if not all(re.fullmatch(r"[A-Za-z0-9_-]{1,40}", str(account)) for account in listed):
        return "含有不是台账号的内容"
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


_WRITTEN = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[T\s]+(\d{1,2})[:\uff1a时](\d{1,2})分?"
)
"""A moment as people write it: 2026-1-5 9:30, 2026年1月5日 9时30分."""


def _instant(value: str) -> str:
    written = _WRITTEN.fullmatch(value.strip())
    try:
        parts = [int(part) for part in written.groups()] if written else []
        instant = (
            datetime(*parts[:5], tzinfo=OFFICE_ZONE) if written else datetime.fromisoformat(value)
        )
        local = instant if instant.tzinfo else instant.replace(tzinfo=OFFICE_ZONE)
        return local.astimezone(OFFICE_ZONE).isoformat(timespec="minutes")
    except (ValueError, OverflowError):
        return value


def _check_instant(field: FormField, value: object) -> str | None:
    text = str(value)
    try:
        is_whole = datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        is_whole = False
    return None if is_whole else f"应为日期与时刻，如 2026-01-05 09:30；收到 {text[:30]}"


def _check_number(field: FormField, value: object) -> str | None:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if is_whole and value in range(field.at_least, field.at_most + 1):
        return None
    bounded = "at_most" in field.model_fields_set
    return f"应为不小于 {field.at_least}{f'、不大于 {field.at_most}' if bounded else ''} 的整数"


def _quarter(value: str) -> str:
    try:
        return quarter_of(value).text
    except QuarterError:
        return value


def _check_quarter(field: FormField, value: object) -> str | None:
    try:
        quarter_of(str(value))
    except QuarterError as error:
        return str(error)
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
    "instant": _check_instant,
    "number": _check_number,
    "quarter": _check_quarter,
    "url": _check_url,
    "files": _check_files,
    "account": _check_account,
    "accounts": _check_accounts,
}
