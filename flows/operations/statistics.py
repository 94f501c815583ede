"""The night: copy the register, fetch every account, archive, build the marts, check them.

Holds ``stats`` only for short transactions and touches ``ops`` once, briefly, to copy the register:
a night never stands between an operator and a case. One account's failure is a row, not the end.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sql
from connectors import wechat
from connectors.http import http_client
from flows.operations.credentials import read_credentials
from flows.operations.fetching import ACCOUNTS_AT_ONCE, SOURCE, Pace, Plan, fetch_all
from flows.operations.marts import build_marts, copy_register
from flows.settings import Settings, SettingsError
from playbooks.core.working_hours import local_day, local_instant
from playbooks.statistics import archive, build
from sql.catalogs import open_catalog, write

ACCOUNTS_PER_TRANSACTION = 40


@dataclass(frozen=True)
class Night:
    """What one night did.

    Attributes:
        outcomes: attempts by status.
        unconfigured: WeChat accounts of the register without credentials.
        lost: account, endpoint and days that the platform no longer gives.
        findings: checks that found rows, with their count; names start with fail_ or warn_.
    """

    run_id: str
    today: date
    account_count: int
    outcomes: Mapping[str, int]
    messages: Mapping[str, int]
    unconfigured: tuple[str, ...]
    lost: tuple[str, ...]
    built: build.Built
    findings: Mapping[str, int]

    @property
    def is_complete(self) -> bool:
        """Whether somebody was asked, nothing failed and no check found a forbidden row."""
        failed = {"failed", "refused", "quota_exhausted", "retired"}
        is_idle = bool(self.unconfigured) and not self.account_count
        is_forbidden = any(name.startswith("fail_") for name in self.findings)
        return not (is_idle or is_forbidden or failed & set(self.outcomes))


def refresh(settings: Settings, now: datetime, pace: Pace) -> Night:
    """Run one night; running it again asks for the same days and adds only what has changed."""
    copy_register(settings, now)
    plans, unconfigured = plan_night(settings, read_credentials(settings), now)
    return _run(settings, "night", (plans, unconfigured), now, pace)


def backfill(
    settings: Settings, days: wechat.Window, endpoints: Sequence[str], now: datetime, pace: Pace
) -> Night:
    """Ask again for past days; the night's own look-back is not moved by it.

    Args:
        settings: of this installation.
        days: first and last day, both included.
        endpoints: names of ``wechat.yml``.
        now: of the run.
        pace: how the platform is asked.

    Raises:
        SettingsError: an endpoint that is not declared.
    """
    declared = wechat.load_endpoints()
    unknown = sorted(set(endpoints) - set(declared))
    if unknown:
        raise SettingsError(f"没有接口 {'、'.join(unknown)}；现有：{'、'.join(declared)}")
    copy_register(settings, now)
    credentials = read_credentials(settings)
    accounts, unconfigured, _, called = _night_facts(settings, credentials, now)
    windows = {
        name: wechat.split_days(declared[name], days.begin_on, days.end_on) for name in endpoints
    }
    plans = [
        Plan(account, windows, {n: called.get((account.account_id, n), 0) for n in windows}, ())
        for account in accounts
    ]
    return _run(settings, "backfill", (plans, unconfigured), now, pace)


def _run(
    settings: Settings,
    kind: str,
    planned: tuple[Sequence[Plan], tuple[str, ...]],
    now: datetime,
    pace: Pace,
) -> Night:
    plans, unconfigured = planned
    today = local_day(now)
    run_id = f"{kind}-{today.isoformat()}-{uuid.uuid4().hex[:8]}"
    counted: Counter[str] = Counter()
    messages: Counter[str] = Counter()
    with http_client(settings.wechat_url, max_connections=ACCOUNTS_AT_ONCE) as client:
        for start in range(0, len(plans), ACCOUNTS_PER_TRANSACTION):
            some = plans[start : start + ACCOUNTS_PER_TRANSACTION]
            fetches = fetch_all(client, some, pace)
            with write(settings.stats) as connection:
                archive.archive(connection, fetches, run_id)
            counted.update(fetch.outcome.status for fetch in fetches)
            messages.update(
                f"{fetch.outcome.account_id} {fetch.outcome.message}"
                for fetch in fetches
                if fetch.outcome.message and fetch.outcome.status not in ("value", "absent")
            )
    built, findings = build_marts(settings, now)
    lost = tuple(line for plan in plans for line in plan.lost)
    return Night(
        run_id,
        today,
        len(plans),
        dict(counted),
        dict(messages),
        unconfigured,
        lost,
        built,
        findings,
    )


def plan_night(
    settings: Settings, credentials: Mapping[str, wechat.WechatAccount], now: datetime
) -> tuple[list[Plan], tuple[str, ...]]:
    """Return what to ask of every WeChat account of the register, and those without credentials."""
    accounts, unconfigured, ready_on, called = _night_facts(settings, credentials, now)
    return [_plan(account, ready_on, called, now) for account in accounts], unconfigured


Counts = dict[tuple[str, str], int]
Days = dict[tuple[str, str], date]


def _night_facts(
    settings: Settings, credentials: Mapping[str, wechat.WechatAccount], now: datetime
) -> tuple[list[wechat.WechatAccount], tuple[str, ...], Days, Counts]:
    """Return accounts to ask, those without credentials, how far each is read, calls spent today."""
    today = local_day(now)
    day_start = local_instant(today, datetime.min.time())
    # Even after a year's silence the night must know where it stopped, or days are lost unsaid.
    farthest = timedelta(days=max(one.reach_days for one in wechat.load_endpoints().values()))
    with open_catalog(settings.stats) as connection:
        registered = sql.rows(
            connection, "ingest/accounts_to_fetch", today=today, platform="wechat_official"
        )
        ready = sql.query(connection, "ingest/last_ready", source=SOURCE, since=today - farthest)
        calls = sql.query(connection, "ingest/calls_today", source=SOURCE, since=day_start)
    wanted = [str(row["account_id"]) for row in registered]
    ready_on = {(row[0], row[1]): row[2] for row in ready.iter_rows()}
    called = {(row[0], row[1]): row[2] for row in calls.iter_rows()}
    accounts = [credentials[account_id] for account_id in wanted if account_id in credentials]
    unconfigured = tuple(account_id for account_id in wanted if account_id not in credentials)
    return accounts, unconfigured, ready_on, called


def _plan(
    account: wechat.WechatAccount,
    ready_on: Mapping[tuple[str, str], date],
    called: Mapping[tuple[str, str], int],
    now: datetime,
) -> Plan:
    windows: dict[str, Sequence[wechat.Window]] = {}
    lost: list[str] = []
    for name, endpoint in wechat.load_endpoints().items():
        planned = wechat.plan_days(endpoint, ready_on.get((account.account_id, name)), now)
        windows[name] = planned.windows
        if planned.lost:
            span = f"{planned.lost.begin_on} 至 {planned.lost.end_on}"
            lost.append(f"{account.account_id} {name} {span}")
    calls = {name: called.get((account.account_id, name), 0) for name in windows}
    return Plan(account, windows, calls, tuple(lost))
