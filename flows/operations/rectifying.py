"""Open cases of rectification for problems: one a sponsor and matter, its notice drafted at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb

import sql
from flows.operations.cases import open_in
from playbooks.core.cases import store
from playbooks.core.cases.forms import AnswerError
from playbooks.core.documents.text import visible
from playbooks.core.findings.kinds import kinds
from playbooks.core.findings.model import Held
from playbooks.core.register.columns import labels
from playbooks.core.working_hours import local_day

PLAYBOOK = "rectification"
LONGEST_PROBLEM = 300
_AS_PRINTED = str.maketrans({"\n": " ", "「": "“", "」": "”"})


def open_notices(
    connection: duckdb.DuckDBPyConnection,
    helds: Sequence[Held],
    setting: store.Setting,
    matter: str = "",
) -> Mapping[str, str]:
    """Open a case for each sponsor of *helds*, within the caller's transaction; unit -> case.

    Args:
        connection: the ``ops`` catalog.
        helds: the problems.
        setting: of the opening; its actor is who decided it.
        matter: what found them; supervision of the day, unless given.

    Raises:
        AnswerError: a problem whose sponsor is not in the register, or too many for one letter.
    """
    units = {
        str(row["unit_id"]): str(row["name"]) for row in sql.rows(connection, "register/all_unit")
    }
    accounts = {str(row["account_id"]): row for row in sql.rows(connection, "register/all_account")}
    by_unit: dict[str, list[Held]] = {}
    for held in helds:
        by_unit.setdefault(held.unit_id, []).append(held)
    day = local_day(setting.now)
    about = matter or f"{day.year}年{day.month}月{day.day}日日常监管"
    opened: dict[str, str] = {}
    for unit_id, theirs in by_unit.items():
        if unit_id not in units:
            numbers = "、".join(str(one.number) for one in theirs)
            raise AnswerError(f"{numbers} 号的主办单位不在台账中，不能发整改通知")
        lines = [_line(one, accounts.get(one.account_id, {})) for one in theirs]
        inputs = {
            "unit_id": unit_id,
            "unit_name": units[unit_id],
            "matter": about,
            "problems": "\n".join(lines),
        }
        opened[unit_id] = open_in(connection, PLAYBOOK, inputs, None, setting).case_id
    return opened


def _line(held: Held, account: sql.Row) -> str:
    """Return one line 「账号（平台）：问题」 as the letter's table reads it."""
    platform = labels("platform").get(str(account.get("platform")), "")
    # The letter's table cuts a line at its first "）：", which no name may bring along.
    called = str(account.get("name")).replace("）：", "） ：")
    name = f"{called}（{platform}）" if account else "单位（整体）"
    kind = kinds()[held.code]
    detail = visible(held.detail, LONGEST_PROBLEM).translate(_AS_PRINTED)
    return f"{name}：{detail}（{kind.article}）"
