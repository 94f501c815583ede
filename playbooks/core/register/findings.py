"""What the stored register itself gives away, article by article; leads for a person, not verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

import sql
from playbooks.core.register.columns import labels

# An internal notice period: Article 13 only says that verification is applied for in time (及时).
EXPIRY_NOTICE_DAYS = 60


@dataclass(frozen=True)
class Finding:
    """One rule that one account or unit does not meet.

    Attributes:
        code: entry of findings.yml.
        level: ``finding``, or ``check`` when only a person can tell.
        article: articles of the regulation, in Chinese.
        title: what is the matter, in Chinese.
        unit_id: the sponsor.
        unit_name: its name.
        account_id: the account, ``""`` when the whole unit is meant.
        account_name: its name.
        platform: its platform, as an identifier.
        detail: names, a day or a status; ``""`` when there is nothing to add.
    """

    code: str
    level: str
    article: str
    title: str
    unit_id: str
    unit_name: str
    account_id: str
    account_name: str
    platform: str
    detail: str

    def as_dict(self) -> dict[str, str]:
        """Return what ``--json`` prints."""
        return asdict(self)


def register_findings(
    connection: duckdb.DuckDBPyConnection,
    today: date,
    expiry_notice_days: int = EXPIRY_NOTICE_DAYS,
) -> list[Finding]:
    """Return every finding of the stored register, in the order of findings.yml.

    Args:
        connection: the ``ops`` catalog.
        today: calendar day in Asia/Shanghai.
        expiry_notice_days: calendar days ahead in which an expiring verification is listed.
    """
    units = {row["unit_id"]: row for row in sql.rows(connection, "register/all_unit")}
    accounts = {row["account_id"]: row for row in sql.rows(connection, "register/all_account")}
    given = {"today": today, "until_on": today + timedelta(days=expiry_notice_days)}
    findings: list[Finding] = []
    for code, entry in definitions().items():
        needed = {name: given[name] for name in entry.get("needs", ())}
        for row in sql.rows(connection, f"register/findings_{code}", **needed):
            unit = units.get(row["unit_id"], {})
            account = accounts.get(row["account_id"], {})
            findings.append(_finding(code, entry, row, unit, account))
    return findings


def _finding(
    code: str, entry: Mapping[str, Any], row: sql.Row, unit: sql.Row, account: sql.Row
) -> Finding:
    detail = str(row["detail"] or "")
    if "labels" in entry and detail:
        detail = labels(entry["labels"])[detail]
    return Finding(
        code=code,
        level=entry["level"],
        article=entry["article"],
        title=entry["title"],
        unit_id=str(row["unit_id"]),
        unit_name=str(unit.get("name") or ""),
        account_id=str(row["account_id"] or ""),
        account_name=str(account.get("name") or ""),
        platform=str(account.get("platform") or ""),
        detail=detail,
    )


@cache
def definitions() -> Mapping[str, Mapping[str, Any]]:
    """Return what the register can give away, by code, in the order of findings.yml."""
    text = Path(__file__).with_name("findings.yml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.CSafeLoader)
