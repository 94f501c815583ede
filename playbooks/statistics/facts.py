"""What the sentences of a packet may say: every fact by the name the templates call it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from playbooks.statistics.case_tables import CaseTimes
from playbooks.statistics.compliance import Compliance, Silence
from playbooks.statistics.figures import AccountFigures, Figures
from playbooks.statistics.gap_tables import owed_gaps
from playbooks.statistics.labels import (
    DAILY_METRICS,
    is_offered,
    metric,
    order_of,
    register_label,
)
from playbooks.statistics.packet_tables import CaseFigure, has_figures
from playbooks.statistics.replies import Message
from playbooks.statistics.sentences import AnalysisText, comparison_sentence
from playbooks.statistics.summary import Totals, change, grouped, scope_totals


@dataclass(frozen=True)
class Replies:
    """The logged messages, the workdays within which each kind is to be answered, and why so many."""

    messages: Sequence[Message]
    limits: Mapping[str, int]
    basis: str


@dataclass(frozen=True)
class Material:
    """Everything the sections are written from."""

    figures: Figures
    totals: Totals
    compliance: Compliance
    analysis: AnalysisText
    cases: Sequence[CaseFigure]
    case_times: Sequence[CaseTimes]
    replies: Replies


def facts_of(material: Material) -> dict[str, object]:
    """Return what the templates may ask for; a name they lack is an error, not a blank."""
    figures, totals = material.figures, material.totals
    statuses = grouped(figures.accounts, lambda account: account.status)
    unconnected = [account for account in figures.operating if not account.is_connected]
    return {
        **_period_facts(figures),
        "taken_on": max(account.taken_on for account in figures.accounts),
        "register_count": len(figures.accounts),
        "unit_count": len({account.unit_id for account in figures.accounts}),
        "platform_count": len({account.platform for account in figures.accounts}),
        "statuses": "，".join(
            f"{register_label('status', status)}{len(statuses[status])}个"
            for status in _ordered(statuses, "status")
        ),
        "opened_within": [
            account
            for account in figures.operating
            if account.opened_on is not None and account.opened_on >= figures.period.begin_on
        ],
        "unconnected": unconnected,
        "not_offered": _not_offered(figures),
        "unconnected_platforms": _platform_counts(unconnected),
        "totals": totals,
        "amounts": totals.amounts,
        "compliance": material.compliance,
        "leads": material.compliance.leads,
        "analysis": material.analysis,
        "cases": material.cases,
        "message_accounts": len({each.account_id for each in material.replies.messages}),
        "is_district": figures.scope.is_district,
        "has_year_before": has_figures(scope_totals(figures, of="year_before_")),
        "offline": _offline(figures),
        **_counts(figures),
        **_comparisons(figures),
        **_overdue(material.compliance),
    }


def _not_offered(figures: Figures) -> str:
    """Say which counts the platforms here do not have: 微信公众号没有播放."""
    platforms = {account.platform for account in figures.operating}
    said = [
        f"{register_label('platform', platform)}没有"
        + "、".join(metric(name).label for name in DAILY_METRICS if not is_offered(platform, name))
        for platform in order_of("platform")
        if platform in platforms and not all(is_offered(platform, name) for name in DAILY_METRICS)
    ]
    return "，".join(said)


def _offline(figures: Figures) -> dict[str, object]:
    """Count what sponsors entered of offline activities; people only where somebody counted them."""
    frame = figures.frames["offline"]
    counted = frame["participants"].drop_nulls()
    return {
        "count": frame.height,
        "counted": counted.len(),
        "people": int(counted.sum()) if counted.len() else None,
    }


def _period_facts(figures: Figures) -> dict[str, object]:
    return {
        "label": figures.period.label,
        "scope_name": figures.scope.shown_name,
        "begin_on": figures.period.begin_on,
        "end_on": figures.period.end_on,
        "through_on": figures.through_on,
        "eve": figures.period.begin_on - timedelta(days=1),
        "day_count": figures.day_count,
        "is_complete": figures.period.is_complete(figures.today),
    }


def _counts(figures: Figures) -> dict[str, object]:
    gaps, jumps = owed_gaps(figures), figures.frames["jumps"]
    return {
        "restated_count": figures.frames["restated"].height,
        "correction_count": figures.frames["restated"].filter(used_source="correction").height,
        "gap_count": len(gaps),
        "gap_accounts": len({row["account_id"] for row in gaps}),
        "lost_accounts": len({row["account_id"] for row in gaps if row["lost_days"]}),
        "jump_count": jumps.height,
        "jump_accounts": jumps["account_id"].n_unique(),
        "falling": [
            account for account in figures.operating if (account.followers_growth or 0) < 0
        ],
    }


def _comparisons(figures: Figures) -> dict[str, object]:
    return {
        "comparison": {
            name: comparison_sentence(
                change(name, figures.accounts, figures.previous),
                change(name, figures.accounts, figures.year_before),
            )
            for name in ("published_count", "reads")
        }
    }


def _overdue(compliance: Compliance) -> dict[str, object]:
    open_now = {each.account.account_id for each in compliance.findings if each.is_open}
    return {
        "still_open": _accounts_of(compliance.findings, lambda each: each.is_open),
        "recovered": _accounts_of(
            compliance.findings, lambda each: each.account.account_id not in open_now
        ),
    }


def _accounts_of(
    silences: Sequence[Silence], wanted: Callable[[Silence], bool]
) -> list[AccountFigures]:
    """Return each account of the *wanted* silences once."""
    found = {each.account.account_id: each.account for each in silences if wanted(each)}
    return list(found.values())


def _platform_counts(accounts: Sequence[AccountFigures]) -> str:
    groups = grouped(accounts, lambda account: account.platform)
    return "、".join(
        f"{register_label('platform', platform)}{len(groups[platform])}个"
        for platform in _ordered(groups, "platform")
    )


def _ordered(groups: Mapping[str | None, object], list_name: str) -> list[str | None]:
    order = {name: place for place, name in enumerate(order_of(list_name))}
    return sorted(groups, key=lambda name: (order.get(name or "", len(order)), name or ""))
