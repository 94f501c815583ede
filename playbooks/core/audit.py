"""The audit: look for what the sweep and the dispatch missed, sharing no code with either.

Every check is one query that should return no row. Beside them the ledger is verified from the head
that was noted last, and the tables are compared with a fold of the ledger for the cases that moved;
a part of what is older comes round at every audit, so that all of it is seen within a day or so. The
heartbeat is given only when everything is clean, so that its absence is an alarm by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import duckdb

import sql
from playbooks.core import ledger
from playbooks.core.cases.rebuild import differences
from playbooks.core.ledger import Breach, Head

PROMISE: Final = timedelta(minutes=5)
"""The promise of the README: a rung is claimed within this time of its due time."""

OLD_ENTRIES: Final = 20_000
"""Entries before the noted head that are verified again at each audit."""

COMPARED_CASES: Final = 100
"""Cases that are folded and compared at each audit, of those that moved and of the others each."""

CHECKS: Final = {
    "unclaimed_rungs": "有 {count} 级提醒到期 5 分钟仍未执行",
    "claims_without_message": "有 {count} 级提醒已认领但没有生成消息",
    "stuck_messages": "有 {count} 条消息超过 5 分钟未发出",
    "missing_messages": "有 {count} 条流水中登记的消息在待发表中不存在",
    "unsettled_messages": "有 {count} 条消息结果不明或发送失败，待人工处理",
    "steps_without_deadline": "有 {count} 个办理中的步骤没有时限",
    "missing_deadlines": "有 {count} 个流水中登记的时限在时限表中不存在",
    "missing_rungs": "有 {count} 个时限缺少提醒级次",
    "lost_playbooks": "有 {count} 个在办案件所用的预案缺失或被改动",
    "stalled_system_steps": "有 {count} 个系统办理的步骤（起草、自动办理、子预案）超过 5 分钟未完成",
    "waiting_reports": "有 {count} 件举报超过 3 天仍未指明账号，无人处理",
    "silent_parts": "有 {count} 个后台任务超过 15 分钟没有运行",
}


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        check: the check's identifier.
        sentence: what is wrong, in Chinese.
        examples: up to three of the things concerned.
    """

    check: str
    sentence: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True)
class AuditResult:
    """What an audit found, and the ledger's head at that moment."""

    findings: tuple[Finding, ...]
    head: Head

    @property
    def is_clean(self) -> bool:
        """Whether the heartbeat may be given."""
        return not self.findings


def audit(
    connection: duckdb.DuckDBPyConnection,
    now: datetime,
    expected: Head | None = None,
    *,
    is_full: bool = False,
) -> AuditResult:
    """Run every check at *now*.

    Args:
        connection: the ops catalog.
        now: the instant to judge by.
        expected: the head that the last clean audit noted; entries before it must still stand.
            Without one the whole ledger is verified.
        is_full: verify every entry and compare every open case, which takes minutes at scale.
    """
    findings: list[Finding] = []
    for check, sentence in CHECKS.items():
        found = sql.rows(connection, f"audit/{check}", before=now - PROMISE)
        if found:
            findings.append(_finding(check, sentence, [str(row["what"]) for row in found]))
    turn = int(now.timestamp() // PROMISE.total_seconds())
    breach = _breach(connection, None if is_full else expected, expected, turn)
    if breach:
        findings.append(_broken(breach))
    limit = 2**31 if is_full else COMPARED_CASES
    cases = _cases(connection, expected, turn, limit)
    differing = [f"{d.row}: {d.what}" for d in differences(connection, cases)] if cases else []
    if differing:
        sentence = "有 {count} 处数据与办件流水不一致，可用 juzhen rebuild 按流水重建"
        findings.append(_finding("tables_differ", sentence, differing))
    return AuditResult(tuple(findings), ledger.head(connection))


def _breach(
    connection: duckdb.DuckDBPyConnection, since: Head | None, expected: Head | None, turn: int
) -> Breach | None:
    if since is None or since.position == 0:
        return ledger.verify_catalog(connection, expected)
    parts = -(-since.position // OLD_ENTRIES)
    first = turn % parts * OLD_ENTRIES + 1
    old = ledger.verify_part(connection, first, min(first + OLD_ENTRIES - 1, since.position))
    return old or ledger.verify_part(connection, since.position, expected=expected)


def _cases(
    connection: duckdb.DuckDBPyConnection, expected: Head | None, turn: int, limit: int
) -> list[str]:
    """Return the cases that moved since the noted head, and the page of open ones whose turn it is."""
    position = expected.position if expected else 0
    touched = sql.rows(connection, "audit/touched_cases", position=position, limit=limit)
    open_count = int(str(sql.rows(connection, "audit/open_case_count")[0]["case_count"]))
    pages = max(1, -(-open_count // limit))
    page = sql.rows(connection, "audit/open_cases", limit=limit, skipped=turn % pages * limit)
    return list(dict.fromkeys(str(row["case_id"]) for row in (*touched, *page)))


def _finding(check: str, sentence: str, found: list[str]) -> Finding:
    return Finding(check, sentence.format(count=len(found)), len(found), tuple(found[:3]))


def _broken(breach: Breach) -> Finding:
    return Finding("broken_ledger", f"办件流水第 {breach.position} 条校验不通过", 1, (breach.what,))
