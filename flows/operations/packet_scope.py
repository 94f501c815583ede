"""Which packet is meant: a period and a district, unit or account, as command and form say it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import duckdb

import sql
from playbooks.core.cases.forms import AnswerError, identifier_in
from playbooks.core.register.columns import labels
from playbooks.statistics.period import Period, parse_period
from playbooks.statistics.scope import DISTRICT, Scope, ScopeError


@dataclass(frozen=True)
class PacketOf:
    """One packet; with neither unit nor account, the district's."""

    period: Period
    unit_id: str | None = None
    account_id: str | None = None

    @property
    def scope_key(self) -> str:
        """The account's or unit's id, or ``district``."""
        return self.account_id or self.unit_id or DISTRICT

    @property
    def key(self) -> str:
        """Under which key the ledger keeps what is about this packet."""
        return f"packet:{self.period.code}:{self.scope_key}"

    @property
    def name(self) -> str:
        """The folder's name: 2026Q3 or 2026Q3-U002."""
        code = self.period.code
        return code if self.scope_key == DISTRICT else f"{code}-{self.scope_key}"

    @property
    def previous(self) -> PacketOf:
        """The same scope's packet of the period before."""
        return replace(self, period=self.period.previous)


def packet_of(period_text: str, unit: str = "", account: str = "") -> PacketOf:
    """Return the packet that somebody asks for.

    Args:
        period_text: 2026Q3, 2026-07, 2026H1 or 2026.
        unit: an id or 「名称(编号)」; empty for none.
        account: likewise.

    Raises:
        PeriodError: the period cannot be read.
        ScopeError: a unit and an account at once.
    """
    if unit and account:
        raise ScopeError("一份数据包只能选一个单位或一个账号，不能两个都填")
    return PacketOf(
        parse_period(period_text),
        identifier_in(unit) if unit else None,
        identifier_in(account) if account else None,
    )


def scope_of(connection: duckdb.DuckDBPyConnection, asked: PacketOf, district: str) -> Scope:
    """Return the scope with the name to print, from the register.

    Raises:
        AnswerError: the register has no such unit or account.
    """
    if asked.account_id:
        for row in sql.rows(connection, "register/account_facts"):
            if row["account_id"] == asked.account_id:
                platform = labels("platform").get(str(row["platform"]), str(row["platform"]))
                return Scope(f"{row['name']}（{platform}）", account_id=asked.account_id)
        raise AnswerError(f"台账中没有账号 {asked.account_id}")
    if asked.unit_id:
        for row in sql.rows(connection, "register/all_unit"):
            if row["unit_id"] == asked.unit_id:
                return Scope(str(row["name"]), asked.unit_id)
        raise AnswerError(f"台账中没有单位 {asked.unit_id}")
    return Scope(district)
