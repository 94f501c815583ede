"""The review queue of suspects (疑似账号审核): one act accepts some and dismisses others.

Accepting opens a case, or joins the open case of the same account, and counts as a report of the feed
``matcher``; nobody is owed an answer to it. Dismissing needs a reason and is remembered.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

import duckdb

import sql
from flows.operations.people import answerer, case_setting
from flows.operations.report_door import CleanReport, bounded, suggested
from flows.operations.report_rows import (
    PLAYBOOK,
    Intake,
    ReportOutcome,
    insert_report,
    open_for,
)
from flows.settings import Settings
from playbooks.core.cases.forms import AnswerError
from playbooks.core.documents.text import visible
from playbooks.core.number_lists import numbers_in
from playbooks.impersonation.suspects import is_same_account
from sql.catalogs import open_catalog, write

SOURCE = "matcher"
CHANNEL = "inspection"


@dataclass(frozen=True)
class Reviewed:
    """What became of the suspects that a person decided about.

    Attributes:
        cases: number -> case and whether it had been open before.
    """

    cases: Mapping[int, tuple[str, bool]] = field(default_factory=dict[int, tuple[str, bool]])
    dismissed: Sequence[int] = ()

    @property
    def sentence(self) -> str:
        """What was done, in one Chinese sentence."""
        parts = [
            f"{number} 号{'并入' if is_joined else '立案'} {case_id}"
            for number, (case_id, is_joined) in self.cases.items()
        ]
        if self.dismissed:
            parts.append(f"排除 {len(self.dismissed)} 个，以后不再提示，除非资料有变")
        return "；".join(parts)


def queue(settings: Settings) -> list[sql.Row]:
    """Return the suspects that wait for a person, the likeliest first."""
    with open_catalog(settings.ops) as connection:
        return sql.rows(connection, "suspects/queue")


def dismissed(settings: Settings) -> list[sql.Row]:
    """Return the dismissals that are remembered, the latest first."""
    with open_catalog(settings.ops) as connection:
        return sql.rows(connection, "suspects/dismissed")


def review(
    settings: Settings, accept: str, dismiss: str, reason: str, person: str, now: datetime
) -> Reviewed:
    """Accept and dismiss suspects in one transaction: all of it holds, or nothing.

    Args:
        settings: of this installation.
        accept: numbers as a person types them, ``3、5-8``.
        dismiss: likewise.
        reason: why those are dismissed; goes with each of them.
        person: who decides; must be in the register.
        now: when.

    Raises:
        AnswerError: a number that does not wait, one on both sides, no reason, or an intake refused.
    """
    accepted, refused = _numbers("受理", accept), _numbers("排除", dismiss)
    _require(accepted, refused, reason)
    with write(settings.ops) as connection:
        who = answerer(connection, person, now)
        setting = case_setting(settings, connection, now, f"person:{who.person_id}")
        current = Intake(connection, setting, who.person_id, "")
        waiting = {int(cast("int", row["number"])): row for row in _queue(connection)}
        _require_waiting([*accepted, *refused], waiting)
        cases: dict[int, tuple[str, bool]] = {}
        for number in accepted:
            cases[number] = _accept(settings, current, waiting[number])
        for number in refused:
            _decide(current, waiting[number], "dismissed", None, reason.strip())
    return Reviewed(cases, refused)


def _numbers(title: str, text: str) -> list[int]:
    try:
        return numbers_in(text)
    except ValueError as error:
        raise AnswerError(f"「{title}」栏{error}") from error


def _require(accepted: Sequence[int], refused: Sequence[int], reason: str) -> None:
    if not (accepted or refused):
        raise AnswerError("没有填写编号；编号见看板「疑似账号」")
    both = sorted(set(accepted) & set(refused))
    if both:
        raise AnswerError(f"{_listed(both)} 号同时填在受理和排除；请只填一栏")
    if refused and not reason.strip():
        raise AnswerError("排除须写明理由，以后各晚据此不再提示")


def _require_waiting(numbers: Sequence[int], waiting: Mapping[int, sql.Row]) -> None:
    gone = [number for number in numbers if number not in waiting]
    if gone:
        raise AnswerError(
            f"{_listed(gone)} 号不在待审之列，可能已由他人处理；请看最新的「疑似账号」"
        )


def _listed(numbers: Sequence[int]) -> str:
    shown = "、".join(str(number) for number in numbers[:20])
    return f"{shown} 等 {len(numbers)} 个" if len(numbers) > len(numbers[:20]) else shown


def _accept(settings: Settings, current: Intake, row: sql.Row) -> tuple[str, bool]:
    """Open or join the case of one suspect, with the report of it."""
    report = _report(current, row)
    opened = open_for(current, report, report.named)
    status = "joined" if opened.is_joined else "opened"
    outcome = ReportOutcome(report.report_id, report.place, status, opened.case_id)
    insert_report(settings, current, report, outcome)
    _decide(current, row, "accepted", opened.case_id, None)
    return opened.case_id, opened.is_joined


def _report(current: Intake, row: sql.Row) -> CleanReport:
    number = str(row["number"])
    (count,) = sql.rows(current.connection, "suspects/decision_count", number=row["number"])
    if count["decision_count"]:
        number = f"{number}-{int(cast('int', count['decision_count'])) + 1}"
    name, told = _name_and_account(current.connection, row)
    named = {
        "platform": str(row["platform"]),
        "display_name": name,
        "platform_account_id": str(row["platform_account_id"] or "")[:100],
        "url": _address(row["url"]),
        "official_account_id": str(row["official_account_id"]),
    }
    return suggested(
        source=SOURCE,
        number=number,
        channel=CHANNEL,
        content=told,
        named={key: value for key, value in named.items() if value},
        now=current.setting.now,
        place=str(row["place"]),
    )


def _name_and_account(connection: duckdb.DuckDBPyConnection, row: sql.Row) -> tuple[str, str]:
    """Return the name to open or join a case under, and what the scan saw, in words.

    An impostor that renames itself keeps its number: the open case of that number is the same matter,
    and the engine knows it by the name it was opened under.
    """
    shown = str(row["display_name"])
    name = bounded(shown)
    told = [f"夜间巡查发现，见于{visible(str(row['place']), 200)}，相似度 {row['score']:.2f}。"]
    for case in sql.rows(connection, "suspects/cases", playbook_id=PLAYBOOK):
        key = (str(case["platform"]), str(case["platform_account_id"] or ""))
        number = str(row["platform_account_id"] or "")
        is_same = is_same_account((*key, ""), (str(row["platform"]), number, ""))
        if number and key[1] and is_same and case["status"] == "open":
            if case["display_name"] != name:
                told.append(f"账号编号相同，现名称为「{visible(shown, 200)}」。")
            name = str(case["display_name"])
            break
    told.append(f"理由：{visible(str(row['reasons']), 800)}。")
    for title, key in (("说明", "note"), ("简介", "bio"), ("认证", "certified_subject")):
        if row[key]:
            told.append(f"{title}：{visible(str(row[key]), 300)}。")
    return name, "".join(told)


def _address(url: object) -> str:
    """Return the address when an intake takes it as one; what else stood there is in the file."""
    text = str(url or "").strip()
    is_usable = text.startswith(("http://", "https://")) and len(text) <= 1_000
    return text if is_usable and text.isprintable() and " " not in text else ""


def _decide(
    current: Intake, row: sql.Row, decision: str, case_id: str | None, reason: str | None
) -> None:
    decided = {
        "decision_id": uuid.uuid4().hex,
        "number": row["number"],
        "decision": decision,
        "display_name": row["display_name"],
        "reason": reason,
        "case_id": case_id,
        "person_id": current.person_id,
        "decided_at": current.setting.now,
    }
    sql.insert(current.connection, "suspect_decision", [decided])
    sql.execute(
        current.connection,
        "suspects/settle",
        number=row["number"],
        status=decision,
        case_id=case_id,
    )


def _queue(connection: duckdb.DuckDBPyConnection) -> list[sql.Row]:
    return sql.rows(connection, "suspects/queue")
