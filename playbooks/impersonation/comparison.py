"""Official account and impostor side by side: what is alike, what differs, down to the character."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from playbooks.core.documents import MISSING, Block, Column, Figure, Paragraph, Report, Table
from playbooks.core.documents.text import code_point, visible

NAME_LIMIT = 120
BY_HAND = "需人工比对"


@dataclass(frozen=True)
class Side:
    """What is known of one account; None is what nobody obtained."""

    name: str | None
    account_id: str | None
    verified_subject: str | None
    url: str | None
    profile: str | None
    followers: str | None


@dataclass(frozen=True)
class Compared:
    """One row: what both sides show, and what to say about it."""

    item: str
    official: str | None
    impostor: str | None
    remark: str


def compare(official: Side | None, impostor: Side, avatar: str | None) -> list[Compared]:
    """Return the rows of the comparison; nothing is claimed about what one side lacks."""
    known = official or Side(None, None, None, None, None, None)
    names = name_differences(known.name or "", impostor.name or "") if known.name else []
    rows = [
        Compared(
            "账号名称",
            known.name,
            impostor.name,
            "；".join(names) or _alike(known.name, impostor.name),
        ),
        _row("账号编号", known.account_id, impostor.account_id),
        _row("认证主体", known.verified_subject, impostor.verified_subject),
        _row("主页链接", known.url, impostor.url),
        _row("简介", known.profile, impostor.profile),
        _row("粉丝数", None, impostor.followers),
    ]
    return [*rows, Compared("头像", None, None, avatar or BY_HAND)]


def name_differences(official: str, impostor: str) -> list[str]:
    """Return how the impostor's name departs from the official one, one sentence a place."""
    if len(official) > NAME_LIMIT or len(impostor) > NAME_LIMIT:
        return [] if official == impostor else ["名称不同（过长，未逐字比对）"]
    sentences: list[str] = []
    for kind, begin, end, other_begin, other_end in SequenceMatcher(
        None, official, impostor, autojunk=False
    ).get_opcodes():
        before, after = official[begin:end], impostor[other_begin:other_end]
        if kind == "replace":
            sentences.append(f"第{begin + 1}字“{_shown(before)}”→“{_shown(after)}”")
        elif kind == "insert":
            sentences.append(f"第{begin}字后多“{_shown(after)}”")
        elif kind == "delete":
            sentences.append(f"少第{begin + 1}字“{_shown(before)}”")
    return sentences


def comparison_report(
    rows: Sequence[Compared], case_id: str, issued_on: date, picture: bytes | None
) -> Report:
    """Return the sheet 逐项对比表, with the picture when there is one."""
    columns = (
        Column("项目", "center", 1.2),
        Column("官方账号", "left", 2.4),
        Column("被投诉账号", "left", 2.4),
        Column("异同", "left", 2.6),
    )
    table = Table(columns, [(row.item, row.official, row.impostor, row.remark) for row in rows])
    blocks: list[Block] = [Paragraph(f"案件编号：{case_id}", "flush"), table]
    if picture:
        blocks.append(Figure(picture, "官方账号与被投诉账号对照", "两个账号逐项并列的对照图"))
    notes = ("官方账号取自政务新媒体台账，被投诉账号取自核实时的登记；未取得的不作判断。",)
    return Report("官方账号与被投诉账号逐项对比表", blocks, issued_on=issued_on, notes=notes)


def account_list_report(
    accounts: Sequence[Mapping[str, object]],
    labels: Mapping[str, str],
    issuer: str,
    issued_on: date,
) -> Report:
    """Return the list of the office's official accounts (官方账号清单)."""
    columns = (
        Column("序号", "center", 0.9),
        Column("平台", "center", 1.4),
        Column("账号名称", "left", 1.9),
        Column("账号编号", "left", 1.9),
        Column("认证主体", "left", 2.2),
        Column("主办单位", "left", 2.2),
        Column("备案（批准）号", "left", 2.3),
    )
    rows = [
        (
            str(number),
            labels.get(str(account["platform"]), str(account["platform"])),
            _text(account["name"]),
            _text(account["platform_account_id"]),
            _text(account["verified_subject"]),
            _text(account["sponsor_name"]),
            _text(account["approval_number"]),
        )
        for number, account in enumerate(accounts, 1)
    ]
    notes = ("取自政务新媒体台账；不含已关停、注销的账号。",)
    return Report(
        "官方账号清单", [Table(columns, rows)], issuer=issuer, issued_on=issued_on, notes=notes
    )


def _row(item: str, official: str | None, impostor: str | None) -> Compared:
    return Compared(item, official, impostor, _alike(official, impostor))


def _alike(official: str | None, impostor: str | None) -> str:
    if official is None or impostor is None:
        return MISSING
    return "相同" if official == impostor else "不同"


def _shown(text: str) -> str:
    """Return characters readably: what cannot be seen is written out as its code point."""
    return "".join(code_point(one) if visible(one) != one or one.isspace() else one for one in text)


def _text(value: object) -> str | None:
    return str(value) if value else None
