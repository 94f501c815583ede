"""What the system knows of an account before anybody looks: a suggestion and the words behind it.

A suggestion is no verdict. Where the register or the figures cannot tell, it says 须人工查看, and only a
person's own verdict counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from playbooks.core.calendar import WorkCalendar
from playbooks.core.findings.stale import by_local_rule, by_national_rule
from playbooks.core.staleness_rule import staleness


@dataclass(frozen=True)
class Facts:
    """What is known of one account.

    Attributes:
        freshness: its row of ``marts/account_freshness``; ``None`` when there is none.
        register: code of a register problem -> its words, of the account and of its sponsor.
        leads: code of a figure or content lead -> the words of each in the quarter; what a person
            dismissed is not among them.
        dismissed: how many figure leads of the quarter a person dismissed.
        comments_open: what the register says; ``None`` when it says nothing.
        has_figures: whether followers are known at all.
    """

    freshness: Mapping[str, object] | None
    register: Mapping[str, str] = field(default_factory=dict[str, str])
    leads: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    dismissed: int = 0
    comments_open: bool | None = None
    has_figures: bool = False


@dataclass(frozen=True)
class Known:
    """A suggestion, ``passed``, ``failed`` or ``look``, and why."""

    suggestion: str
    words: str


def known(name: str, facts: Facts, calendar: WorkCalendar) -> Known:
    """Return what is known of one indicator; *name* is its ``known``, ``""`` for nothing."""
    if not name:
        return Known("look", "系统无从得知，须人工查看")
    if name in ("national_2_weeks", "local_7_workdays"):
        return _freshness(name, facts, calendar)
    return _KNOWN[name](facts)


def _freshness(name: str, facts: Facts, calendar: WorkCalendar) -> Known:
    row = facts.freshness
    if row is None or row["counted_from_on"] is None or row["counted_to_on"] is None:
        return Known("look", "没有发布数据，须人工查看最近更新日期")
    from_on, to_on = cast("date", row["counted_from_on"]), cast("date", row["counted_to_on"])
    unknown_days = int(str(row["unknown_days"] or 0))
    rule = staleness(from_on, to_on, calendar)
    is_national = name == "national_2_weeks"
    words = by_national_rule(rule) if is_national else by_local_rule(rule, calendar)
    if row["last_update_on"] is None:
        words = words.replace("最近更新", "未见更新，自", 1)
    if unknown_days:
        words += f"；其中 {unknown_days} 天没有数据"
    is_failed = rule.is_national_failed if is_national else rule.is_local_overdue
    if not is_failed:
        return Known("passed", words)
    return Known("look" if unknown_days else "failed", words)


def _content(facts: Facts) -> Known:
    leads = facts.leads.get("content_lead", ())
    if leads:
        return Known("look", f"标题线索 {len(leads)} 条：{'；'.join(leads[:5])}")
    return Known("look", "标题未见词表词语；系统看不到正文，须人工抽看")


def _interaction(facts: Facts) -> Known:
    if facts.comments_open is None:
        return Known("look", "台账没有登记评论、私信是否开放，须试发")
    if facts.comments_open:
        return Known("passed", "台账登记为已开放；宜试发一条核实")
    return Known("failed", "台账登记为未开放评论、私信")


def _figures(facts: Facts) -> Known:
    leads = [*facts.leads.get("follower_jump", ()), *facts.leads.get("mass_likes", ())]
    if leads:
        return Known("look", f"线索 {len(leads)} 条待核实：{'；'.join(leads[:3])}")
    settled = f"，另有 {facts.dismissed} 条线索已由人排除" if facts.dismissed else ""
    if not facts.has_figures:
        return Known("look", f"没有粉丝数据，无从比对{settled}")
    return Known("passed", f"粉丝、点赞未见异常{settled}")


def _register(*codes: str, look: Sequence[str] = ()) -> Callable[[Facts], Known]:
    def judged(facts: Facts) -> Known:
        found = {code: facts.register[code] for code in (*codes, *look) if code in facts.register}
        if not found:
            return Known("passed", "台账登记符合要求")
        suggestion = "failed" if any(code in codes for code in found) else "look"
        return Known(suggestion, "；".join(found.values()))

    return judged


_KNOWN: Mapping[str, Callable[[Facts], Known]] = {
    "content_leads": _content,
    "interaction": _interaction,
    "figure_leads": _figures,
    "verification": _register(
        *("not_verified", "verification_expired", "verification_incomplete"),
        look=("subject_differs", "verification_expiring"),
    ),
    # 原则上: the rule has exceptions that only a person can judge.
    "naming": _register(look=("names_differ",)),
    "one_per_platform": _register(look=("second_account_same_platform",)),
    "approval": _register("not_approved"),
    "people": _register("no_responsible_person", "no_administrator", "administrator_untrained"),
}
