"""The audit: look for what the sweep and the dispatch missed, sharing no code with either.

Every check is one query that should return no row. The heartbeat is given only when all are clean,
so that its absence is an alarm by itself for whoever watches from outside.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import duckdb

import sql
from playbooks.core import ledger
from playbooks.core.ledger import Breach, Head

PROMISE: Final = timedelta(minutes=5)
"""The promise of the README: a rung is claimed within this time of its due time."""

CHECKS: Final = {
    "unclaimed_rungs": "有 {count} 级提醒到期 5 分钟仍未执行",
    "claims_without_message": "有 {count} 级提醒已认领但没有生成消息",
    "stuck_messages": "有 {count} 条消息超过 5 分钟未发出",
    "unsettled_messages": "有 {count} 条消息结果不明或发送失败,待人工处理",
    "steps_without_deadline": "有 {count} 个办理中的步骤没有时限",
    "missing_deadlines": "有 {count} 个流水中登记的时限在时限表中不存在",
    "stalled_drafts": "有 {count} 个起草步骤超过 5 分钟未完成",
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
    connection: duckdb.DuckDBPyConnection, now: datetime, expected: Head | None = None
) -> AuditResult:
    """Run every check at *now*.

    Args:
        connection: the ops catalog.
        now: the instant to judge by.
        expected: the head that the last clean audit noted; entries before it must still stand.
    """
    findings: list[Finding] = []
    for check, sentence in CHECKS.items():
        found = sql.rows(connection, f"audit/{check}", before=now - PROMISE)
        if found:
            examples = tuple(str(row["what"]) for row in found[:3])
            findings.append(Finding(check, sentence.format(count=len(found)), len(found), examples))
    breach = ledger.verify_catalog(connection, expected)
    if breach:
        findings.append(_broken(breach))
    return AuditResult(tuple(findings), ledger.head(connection))


def _broken(breach: Breach) -> Finding:
    return Finding("broken_ledger", f"办件流水第 {breach.position} 条校验不通过", 1, (breach.what,))
