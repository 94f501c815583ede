"""What about the sources needs a person: one matter each, with a key under which it stays the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from flows.operations.source_health import AccountHealth, Health
from playbooks.core.working_hours import local_day
from playbooks.statistics.check_texts import check_sentence

QUOTA_NIGHTS = 3
"""A quota that runs out once heals by itself; on three nights running it will not."""

SILENT_DAYS = 2
"""Nights without any value after which a source counts as silent."""


@dataclass(frozen=True)
class Matter:
    """One thing that a person has to see to.

    Attributes:
        source: empty for what concerns none.
        account_id: empty for what concerns the source as a whole.
        kind: ``refused``, ``retired:<endpoint>``, ``quota``, ``silent``, ``fault:<digest>``,
            ``dropped:<digest>`` or the name of a check.
        sentence: what, where, what to do; may hold a platform's words.
    """

    source: str
    account_id: str
    kind: str
    sentence: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the same matter tomorrow: its words may change."""
        return self.source, self.account_id, self.kind


def matters_of(health: Health, findings: Mapping[str, int]) -> list[Matter]:
    """Return every matter, what concerns most first.

    Args:
        health: of the sources.
        findings: name of a check -> rows it found; only ``fail_`` ones need a person at once.
    """
    found = [*_faults(health), *_silent(health), *_checks(findings)]
    for account in health.accounts:
        if account.is_asked:
            found += _of_account(account)
    return list({matter.key: matter for matter in found}.values())


def _faults(health: Health) -> Iterator[Matter]:
    for fault in health.faults:
        digest = hashlib.sha256(fault.encode()).hexdigest()[:12]
        yield Matter("", "", f"fault:{digest}", fault)


def _checks(findings: Mapping[str, int]) -> Iterator[Matter]:
    for name, count in sorted(findings.items()):
        if name.startswith("fail_"):
            yield Matter("", "", name, f"质量检查（{count} 行）：{check_sentence(name)}")


def _silent(health: Health) -> Iterator[Matter]:
    by_source: dict[str, list[AccountHealth]] = {}
    for account in health.accounts:
        if account.is_asked and account.first_attempt_at:
            by_source.setdefault(account.source, []).append(account)
    for source, accounts in by_source.items():
        since = max(
            (one.last_value_at for one in accounts if one.last_value_at),
            default=min(one.first_attempt_at for one in accounts if one.first_attempt_at),
        )
        if health.today - local_day(since) >= timedelta(days=SILENT_DAYS):
            days = (health.today - local_day(since)).days
            title = accounts[0].source_title
            yield Matter(
                source,
                "",
                "silent",
                f"{title} 已 {days} 天没有取得任何数据；看「采集健康」中的错误，并确认夜间采集在运行",
            )


def _of_account(account: AccountHealth) -> Iterator[Matter]:
    for trouble in account.troubles:
        if trouble.status == "retired":
            yield Matter(
                account.source,
                "",
                f"retired:{trouble.endpoint}",
                f"{account.source_title} 接口 {trouble.endpoint} 已停用：{trouble.sentence}",
            )
        else:
            yield Matter(
                account.source,
                account.account_id,
                "refused",
                f"{account.source_title} 拒绝账号 {account.account_id}：{trouble.sentence}",
            )
    if account.quota_nights >= QUOTA_NIGHTS:
        yield Matter(
            account.source,
            account.account_id,
            "quota",
            f"{account.source_title} 账号 {account.account_id} 连续 {QUOTA_NIGHTS} 晚配额用尽；"
            "减少其他程序的调用，或申请更高配额",
        )
