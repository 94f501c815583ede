"""采集健康: the sources as an operator reads them, what needs a person first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from flows.operations.boards import shown
from flows.operations.source_health import AccountHealth, Health
from flows.operations.source_matters import Matter
from playbooks.core.messages import local

SOURCE_HEALTH = "source-health"
TITLE = "采集健康"
MOST_ACCOUNTS = 200
"""Accounts told one by one; a district has some hundred, a page of a nation's would not open."""
MOST_MATTERS = 50
MOST_NAMED = 10
MOST_ERRORS = 3
MOST_LOST = 30


def board_markdown(health: Health, matters: Sequence[Matter], now: datetime) -> str:
    """Return the board; every text from outside is masked and escaped."""
    lines = [f"## {TITLE}", f"截至 {local(now)}。错误为最近 7 天，缺少天数为最近 30 天。", ""]
    lines += [f"### 需要处理 {len(matters)} 项", "", *_matter_lines(matters), ""]
    lines += ["### 各来源与账号", "", *_accounts(health, matters), ""]
    lines += ["### 平台已不再提供的日期", "", *_lost(health), ""]
    lines += ["### 未配置", "", *_unconfigured(health)]
    return "\n".join(lines)


def _matter_lines(matters: Sequence[Matter]) -> list[str]:
    if not matters:
        return ["没有。"]
    lines = [f"- {shown(matter.sentence)}" for matter in matters[:MOST_MATTERS]]
    more = len(matters) - MOST_MATTERS
    return [*lines, f"- 另有 {more} 项，`juzhen health` 全部列出"] if more > 0 else lines


def in_order(health: Health, matters: Sequence[Matter]) -> list[AccountHealth]:
    """Return the accounts, those that need a person first, then by lag and missing days."""
    urgent = {(matter.source, matter.account_id) for matter in matters}

    def rank(one: AccountHealth) -> tuple[object, ...]:
        needs_person = (one.source, one.account_id) in urgent or bool(one.troubles)
        lag = 10_000 if one.lag_days is None else one.lag_days
        is_asked = (not one.is_asked,)
        return (*is_asked, not needs_person, -lag, -one.missing_days, one.source, one.account_id)

    return sorted(health.accounts, key=rank)


def _accounts(health: Health, matters: Sequence[Matter]) -> Iterator[str]:
    """Yield a line a source that says how many are well, and below it each account that is not.

    No table: the page is narrow, and Chinese wraps in its cells character by character.
    """
    if not health.accounts:
        yield "还没有采集过，也没有已配置的账号。"
    by_source: dict[str, list[AccountHealth]] = {}
    for one in in_order(health, matters):
        by_source.setdefault(one.source, []).append(one)
    told = 0
    for accounts in by_source.values():
        well = [one for one in accounts if _is_well(one)]
        yield _source_line(accounts, well)
        unwell = [one for one in accounts if one not in well]
        yield from (_line(one) for one in unwell[: max(0, MOST_ACCOUNTS - told)])
        told += len(unwell)
    if told > MOST_ACCOUNTS:
        yield f"- 另有 {told - MOST_ACCOUNTS} 个账号，`juzhen health` 全部列出。"


def _is_well(one: AccountHealth) -> bool:
    is_behind = one.lag_days != 0 or one.missing_days or one.errors
    return not (is_behind or one.troubles or one.quota_left == 0)


def _source_line(accounts: Sequence[AccountHealth], well: Sequence[AccountHealth]) -> str:
    title = shown(accounts[0].source_title, 60)
    line = f"- **{title}**：{len(accounts)} 个账号，正常 {len(well)} 个"
    lasts = [one.last_value_at for one in well if one.last_value_at]
    if lasts:
        line += f"，最近成功 {local(min(lasts))}"
    limited = [one for one in accounts if one.quota_left is not None]
    if limited:
        scarcest = min(limited, key=lambda one: one.quota_left or 0)
        line += f"，今日剩余配额最少 {quota_text(scarcest)}（{shown(scarcest.account_id, 40)}）"
    return line


def _line(one: AccountHealth) -> str:
    last = local(one.last_value_at) if one.last_value_at else "从未"
    lag = "—" if one.lag_days is None else str(one.lag_days)
    who = f"{shown(one.account_id, 40)} {shown(one.name, 40)}".strip()
    asked = "" if one.is_asked else "（不再采集）"
    figures = f"最近成功 {last}，滞后 {lag} 天，缺少 {one.missing_days} 天"
    quota = "" if one.quota_left is None else f"，今日剩余配额 {quota_text(one)}"
    errors = _errors(one)
    told = "" if errors == "—" else f"；{errors}"
    return f"    - {who}{asked}：{figures}{quota}{told}"


def quota_text(one: AccountHealth) -> str:
    """Return what is left today of the scarcest endpoint's calls."""
    return "—" if one.quota_left is None else f"{one.quota_left}/{one.quota_limit}"


def _errors(one: AccountHealth) -> str:
    told = [
        f"{shown(error.code, 40)} × {error.attempt_count}：{shown(error.sentence, 200)}"
        for error in one.errors[:MOST_ERRORS]
    ]
    more = len(one.errors) - MOST_ERRORS
    return "；".join([*told, f"另有 {more} 种"] if more > 0 else told) or "—"


def _lost(health: Health) -> list[str]:
    lines = [f"- {shown(f'{one.source} {one.text}')}" for one in health.lost[:MOST_LOST]]
    if len(health.lost) > MOST_LOST:
        lines.append("- 更早的从略，`juzhen health` 列出")
    return lines or ["没有。"]


def _unconfigured(health: Health) -> list[str]:
    lines = [f"- {shown(title, 60)}：{_named(who)}" for title, who in health.unconfigured.items()]
    if health.off:
        lines.append(f"- 没有启用：{'、'.join(shown(title, 60) for title in health.off)}")
    return lines or ["没有。"]


def _named(accounts: Sequence[str]) -> str:
    more = f" 等 {len(accounts)} 个账号" if len(accounts) > MOST_NAMED else ""
    return f"{'、'.join(shown(one, 40) for one in accounts[:MOST_NAMED])}{more}没有凭据"


def board_lines(health: Health, matters: Sequence[Matter]) -> Iterator[str]:
    """Yield all of it for a terminal, harmless to it."""
    from playbooks.core.documents.text import visible
    from playbooks.core.masking import masked

    for matter in matters:
        yield f"[需要处理] {visible(masked(matter.sentence), 300)}"
    for one in in_order(health, matters):
        yield (
            f"{one.source} {visible(one.account_id, 40)} {visible(one.name, 40)}  "
            f"最近成功 {local(one.last_value_at) if one.last_value_at else '从未'}  "
            f"滞后 {'—' if one.lag_days is None else one.lag_days} 天  "
            f"缺 {one.missing_days} 天  今日剩余配额 {quota_text(one)}"
            f"{'' if one.is_asked else '  （不再采集）'}"
        )
        for error in one.errors:
            words = visible(masked(f"{error.code} × {error.attempt_count}：{error.sentence}"), 300)
            yield f"    {words}"
    for one in health.lost:
        yield f"平台已不再提供：{one.source} {visible(one.text, 200)}"
    for title, accounts in health.unconfigured.items():
        yield f"未配置凭据：{visible(title, 60)} {len(accounts)} 个账号（{'、'.join(accounts[:MOST_NAMED])}）"
    if health.off:
        yield f"没有启用：{'、'.join(visible(title, 60) for title in health.off)}"
