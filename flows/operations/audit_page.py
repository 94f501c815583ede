"""时限审计: what was looked at, what was found, and how far the ledger was at that moment."""

from __future__ import annotations

from datetime import datetime

from flows.operations.boards import shown
from playbooks.core.audit import CHECKS, AuditResult
from playbooks.core.messages import local

ALWAYS = ("办件流水的哈希链校验通过", "案件、时限与消息各表同办件流水一致（抽到的案件）")
ALWAYS_FOUND = ("broken_ledger", "tables_differ")


def audit_markdown(result: AuditResult, now: datetime) -> str:
    """Return the board of an audit: what is wrong first, then each check that passed."""
    found = {finding.check for finding in result.findings}
    verdict = "全部检查通过" if result.is_clean else f"**{len(result.findings)} 项不通过**"
    lines = [
        f"## 时限审计：{verdict}",
        "",
        f"截至 {local(now)}。审计不与巡查、发送共用程序；全部通过才更新心跳，心跳超时本身就是报警。",
        "",
    ]
    for finding in result.findings:
        examples = "、".join(shown(example) for example in finding.examples)
        lines.append(f"- **不通过**　{finding.sentence}：{examples}")
    for check, sentence in CHECKS.items():
        if check not in found:
            lines.append(f"- 通过　{sentence.format(count=0)}")
    for check, sentence in zip(ALWAYS_FOUND, ALWAYS, strict=True):
        if check not in found:
            lines.append(f"- 通过　{sentence}")
    head = result.head
    return "\n".join(
        [*lines, "", f"办件流水共 {head.position} 条，末条摘要 `{head.entry_hash[:16]}`。"]
    )
