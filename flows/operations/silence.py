"""Watch who of the accounts that were told to publish has done so, and tell the leaders of the silent.

The posts lie in the statistics catalog, which a night's ingestion may hold for a long time: then nothing
is concluded, and the next sweep looks again. An account nobody could look at is unknown, never silent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb

import sql
from flows.operations.people import case_setting
from flows.settings import Settings
from playbooks.core.cases import publishing, store
from playbooks.core.cases.publishing import Leader
from playbooks.core.cases.state import CaseState, Directive
from playbooks.core.cases.system_steps import posts_seen
from playbooks.core.cases.turn import Turn
from playbooks.core.messages import Recipient
from playbooks.core.register.columns import labels
from sql.catalogs import CatalogBusyError, open_catalog, write

WAIT_S = 2.0
"""How long a sweep waits for the statistics; a night's ingestion may keep them for an hour."""

STATUSES = {
    "published": "已发布",
    "silent": "未见发布",
    "other": "只发布了其他内容",
    "unknown": "情况不明（没有数据，或只见到开头）",
}


@dataclass(frozen=True)
class Standing:
    """One account that was told to publish.

    Attributes:
        status: a key of ``STATUSES``.
        title: of its post, where there is one.
        looked_at: when its posts were last asked for since the dispatch.
    """

    account_id: str
    status: str
    title: str = ""
    url: str = ""
    posted_at: datetime | None = None
    looked_at: datetime | None = None


@dataclass(frozen=True)
class Dispatch:
    """One unified dispatch that is being watched, and how its accounts stand."""

    case_id: str
    step_id: str
    directive: Directive
    due_at: datetime | None
    accounts: Sequence[Standing]

    @property
    def unpinned(self) -> list[str]:
        """The accounts that have published and of which nobody has seen that they pinned it."""
        return self.directive.unpinned

    def of(self, status: str) -> list[Standing]:
        """Return the accounts of one status."""
        return [one for one in self.accounts if one.status == status]


def dispatches(settings: Settings, case_id: str | None = None) -> list[Dispatch]:
    """Return the dispatches that are open, of one case or of all; a busy catalog shows as unknown."""
    with open_catalog(settings.ops) as connection:
        rows = sql.rows(connection, "cases/open_system_steps", step_type="publish")
        wanted = [row for row in rows if case_id in (None, row["case_id"])]
        states = {str(row["case_id"]): None for row in wanted}
        known = {name: store.read_state(connection, name) for name in states}
    return [_dispatch(settings, known[str(row["case_id"])], str(row["step_id"])) for row in wanted]


def watch(settings: Settings, now: datetime) -> int:
    """Record what the posts show, and tell leaders once the limit has passed; returns dispatches seen."""
    found = dispatches(settings)
    for one in found:
        posts = [_post(standing) for standing in one.of("published") if standing.title]
        missing = {post["account_id"] for post in posts} & set(one.directive.missing)
        is_late = one.due_at is not None and now >= one.due_at
        if missing:
            _record(settings, one, now, posts)
        elif is_late and one.directive.silence is None and one.of("silent"):
            _tell(settings, one, now)
    return len(found)


def _dispatch(settings: Settings, state: CaseState, step_id: str) -> Dispatch:
    directive = state.directives[step_id]
    deadline = state.deadlines.get(f"{state.case_id}/{step_id}/{directive.visit}")
    due_at = datetime.fromisoformat(deadline.due_at) if deadline else None
    looked = {one.account_id: one for one in _looked(settings, directive)}
    accounts = [
        _recorded(account, directive.published[account])
        if account in directive.published
        else looked.get(account, Standing(account, "unknown"))
        for account in directive.accounts
    ]
    return Dispatch(state.case_id, step_id, directive, due_at, accounts)


def _recorded(account: str, seen: Mapping[str, object]) -> Standing:
    at = seen.get("posted_at")
    posted_at = datetime.fromisoformat(str(at)) if at else None
    return Standing(account, "published", url=str(seen.get("url") or ""), posted_at=posted_at)


def _looked(settings: Settings, directive: Directive) -> Iterable[Standing]:
    told = [
        {"account_id": account, "wording": directive.wording, "issued_at": directive.issued_at}
        for account in directive.missing
    ]
    if not told:
        return []
    try:
        with open_catalog(settings.stats, wait_limit_s=WAIT_S) as connection:
            return statuses(connection, told)
    except CatalogBusyError:
        return []


def statuses(
    connection: duckdb.DuckDBPyConnection, told: Sequence[Mapping[str, object]]
) -> list[Standing]:
    """Return how accounts stand by the posts in the statistics catalog.

    Args:
        connection: the stats catalog.
        told: ``account_id``, ``wording`` and ``issued_at`` of each; at least one.
    """
    with sql.registered(connection, told_account=sql.frame(told)):
        rows = sql.rows(connection, "silence/status")
    return [
        Standing(
            str(row["account_id"]),
            str(row["status"]),
            str(row["title"] or ""),
            str(row["url"] or ""),
            _instant(row["published_at"]),
            _instant(row["looked_at"]),
        )
        for row in rows
    ]


def _instant(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None


def _post(standing: Standing) -> dict[str, object]:
    return {
        "account_id": standing.account_id,
        "title": standing.title,
        "url": standing.url or None,
        "posted_at": standing.posted_at.isoformat() if standing.posted_at else None,
    }


def _record(
    settings: Settings, one: Dispatch, now: datetime, posts: Sequence[Mapping[str, object]]
) -> None:
    def decide(current: Turn) -> None:
        # A person may have ended the step while we looked.
        if one.step_id in current.state.open_steps:
            posts_seen(current, one.step_id, posts)

    with write(settings.ops) as connection:
        setting = case_setting(settings, connection, now, "system:silence")
        store.change(connection, one.case_id, setting, decide)


def _tell(settings: Settings, one: Dispatch, now: datetime) -> None:
    found = {
        status: [standing.account_id for standing in one.of(status)]
        for status in ("silent", "other", "unknown")
    }

    def decide(current: Turn) -> None:
        directive = current.state.directives[one.step_id]
        if one.step_id in current.state.open_steps and directive.silence is None:
            publishing.silence_found(current, one.step_id, found, leaders)

    with write(settings.ops) as connection:
        leaders = leaders_of(connection, {**_noted(one, "silent"), **_noted(one, "other")})
        setting = case_setting(settings, connection, now, "system:silence")
        store.change(connection, one.case_id, setting, decide)


def _noted(one: Dispatch, status: str) -> dict[str, str]:
    return {standing.account_id: STATUSES[status] for standing in one.of(status)}


def leaders_of(connection: duckdb.DuckDBPyConnection, accounts: Mapping[str, str]) -> list[Leader]:
    """Return who answers for accounts of the register, each person once with all of theirs.

    Args:
        connection: the ops catalog.
        accounts: account -> what is said of it.
    """
    if not accounts:
        return []
    wanted = sql.frame([{"account_id": account} for account in accounts])
    with sql.registered(connection, wanted_account=wanted):
        rows = sql.rows(connection, "silence/leaders")
    platforms = labels("platform")
    by_person: dict[str, list[sql.Row]] = {}
    for row in rows:
        if row["person_id"]:
            by_person.setdefault(str(row["person_id"]), []).append(row)
    return [
        Leader(
            Recipient(person_id, str(theirs[0]["person_name"])),
            "、".join(dict.fromkeys(str(row["sponsor_name"]) for row in theirs)),
            [
                f"{row['name']}（{platforms[str(row['platform'])]}）：{accounts[str(row['account_id'])]}"
                for row in theirs
            ],
        )
        for person_id, theirs in by_person.items()
    ]
