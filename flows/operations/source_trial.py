"""Try one source for one account: its newest days are asked for now, and what comes is kept as ever."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.outcome import Fetch
from connectors.source import Pace
from connectors.windows import Window
from flows.operations.fetching import Plan
from flows.operations.marts import build_marts, copy_register
from flows.operations.night_summary import STATUS_TITLES
from flows.operations.planning import SourceFacts, plan_night, read_facts
from flows.operations.statistics import asked, new_run_id
from flows.settings import Settings, SettingsError
from playbooks.core.documents.text import visible
from playbooks.statistics.build import Built

WELL = ("value", "absent", "not_ready")


@dataclass(frozen=True)
class Trial:
    """What became of a trial; ``fetches`` holds one answer for every window and page asked."""

    source: str
    account_id: str
    fetches: tuple[Fetch, ...]
    built: Built

    @property
    def is_well(self) -> bool:
        """Whether the source answered everything it was asked."""
        return all(fetch.outcome.status in WELL for fetch in self.fetches)


def try_source(
    settings: Settings, source: str, account_id: str, now: datetime, pace: Pace
) -> Trial:
    """Ask one source about the newest days of one account (by default its first).

    It runs like a backfill: outcomes are written, payloads archived, and the place of the night is
    not moved.

    Raises:
        SettingsError: no such source, a source that cannot be asked, or an account without
            credentials.
    """
    copy_register(settings, now)
    facts = _facts(settings, source, now)
    plan = _newest(_plan(facts, account_id, now))
    run_id = new_run_id("backfill-trial", now)
    fetches = [one for lot in asked(settings, [facts], [plan], pace, run_id) for one in lot]
    built, _ = build_marts(settings, now)
    return Trial(source, plan.account.account_id, tuple(fetches), built)


def trial_lines(trial: Trial) -> Iterator[str]:
    """Yield what each endpoint answered."""
    yield f"{trial.source} 账号 {trial.account_id}："
    for fetch in trial.fetches:
        one = fetch.outcome
        days = f"{one.ref_begin_on} 至 {one.ref_end_on}"
        rows = f"，{one.row_count} 行" if one.row_count is not None else ""
        said = f"：{visible(one.message, 300)}" if one.message else ""
        yield f"    {one.endpoint}  {days}  {STATUS_TITLES.get(one.status, one.status)}{rows}{said}"
    yield f"新增观测 {trial.built.observation_count} 条；夜间采集照常进行，不受影响"


def _facts(settings: Settings, source: str, now: datetime) -> SourceFacts:
    facts, faults = read_facts(settings, now)
    found = next((one for one in facts if one.declaration.source == source), None)
    if found is None:
        known = "、".join(one.declaration.source for one in facts)
        more = f"；{'；'.join(faults)}" if faults else ""
        raise SettingsError(f"没有数据源 {visible(source, 60)}；现有：{known}{more}")
    about = [fault for fault in faults if fault.startswith(source)]
    if about and not found.accounts:
        raise SettingsError("；".join(about))
    return found


def _plan(facts: SourceFacts, account_id: str, now: datetime) -> Plan:
    plans = plan_night([facts], now, None)
    chosen = [plan for plan in plans if account_id in ("", plan.account.account_id)]
    if not chosen:
        what = f"账号 {visible(account_id, 40)} " if account_id else ""
        raise SettingsError(f"{facts.declaration.source} 没有配置{what}凭据；见 docs/sources.md")
    return chosen[0]


def _newest(plan: Plan) -> Plan:
    windows: Mapping[str, list[Window]] = {
        name: list(planned)[-1:] for name, planned in plan.windows.items()
    }
    return replace(plan, windows=windows, lost=())
