"""Detectors of incidents: each turns what was taken in into leads for a person, never into a verdict.

A lead names the things it was made of (its signs), so that nothing is put before a person twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median

from playbooks.core.documents.text import visible
from playbooks.major_incident.content_leads import Lead, sign_of
from playbooks.major_incident.lead_rules import Jump, Rules, Signs

KINDS = {
    "comments": "评论突增",
    "reports": "举报突增",
    "content": "违禁内容线索",
    "takeover": "账号疑似被盗或篡改",
}
CASE_KIND = {
    "comments": "public_opinion",
    "reports": "public_opinion",
    "content": "content",
    "takeover": "takeover",
}
"""The kind of incident that a lead suggests; a person says another where it is another."""
RECENT_DAYS = 3
CUT = "……（其余从略）"
"""Days that are looked at: the night's figures come a day or two late."""


@dataclass(frozen=True)
class Found:
    """What a detector saw.

    Attributes:
        account_id: the account it is about; ``None`` for what is about all of them.
        title: fit for the title of a case.
        said: the key of each thing it was made of -> what was seen, in a sentence.
    """

    kind: str
    account_id: str | None
    title: str
    said: Mapping[str, str]

    @property
    def signs(self) -> tuple[str, ...]:
        """The keys of what it was made of."""
        return tuple(self.said)

    @property
    def told(self) -> str:
        """What was seen, in sentences."""
        return "".join(self.said.values())


def told_together(before: str, new: Found, longest: int) -> str:
    """Return what a waiting lead says once *new* was seen as well, in at most *longest* characters.

    What a platform shows stands before what people report: anybody can report, and many reports must
    not push a changed name off the end.
    """
    shown = "".join(text for key, text in new.said.items() if not _is_report(key))
    reported = "".join(text for key, text in new.said.items() if _is_report(key))
    told = f"{shown}{before}{reported}"
    return told if len(told) <= longest else f"{told[: longest - len(CUT)]}{CUT}"


def _is_report(key: str) -> bool:
    return key.split("|")[2:3] == ["report"]


@dataclass
class Seen:
    """What was taken in, as the detectors need it.

    Attributes:
        names: account -> its name in the register, of accounts in service.
        shown_names: account -> its name and platform as people know it.
        verified: accounts that are verified according to the register.
        comments: account -> day -> comments; a day without a figure is not there.
        reports: day -> reports; a day without any is not there and counts as none.
        report_texts: report id -> what it says.
        profiles: account -> the name that the platform shows, and whether it says verified.
        content: leads to prohibited content among recent posts.
    """

    names: Mapping[str, str]
    shown_names: Mapping[str, str]
    verified: Set[str] = frozenset()
    comments: Mapping[str, Mapping[date, float]] = field(
        default_factory=dict[str, Mapping[date, float]]
    )
    reports: Mapping[date, int] = field(default_factory=dict[date, int])
    first_report_on: date | None = None
    report_texts: Mapping[str, str] = field(default_factory=dict[str, str])
    profiles: Mapping[str, tuple[str | None, bool | None]] = field(
        default_factory=dict[str, tuple[str | None, bool | None]]
    )
    content: Sequence[Lead] = ()


def find(seen: Seen, rules: Rules, today: date) -> list[Found]:
    """Return every lead as of *today*; most of them will have been put to a person before."""
    return [
        *_comment_jumps(seen, rules.comments, today),
        *_report_jumps(seen, rules.reports, today),
        *_content(seen),
        *_takeovers(seen, rules.takeover, today),
    ]


def _comment_jumps(seen: Seen, rule: Jump, today: date) -> Iterator[Found]:
    for account, days in seen.comments.items():
        for day in _recent(today):
            before = [days[d] for d in days if day - timedelta(days=rule.days) <= d < day]
            jump = _jump(days.get(day), before, rule)
            if jump is not None and account in seen.names:
                name = _name(seen, account)
                yield Found(
                    "comments",
                    account,
                    f"{name}评论突增（{day.month}月{day.day}日）",
                    {
                        f"comments|{account}|{day}": f"{name} {day} 收到评论 {days[day]:.0f} 条，"
                        f"此前 {rule.days} 天的中位数为 {jump:g} 条。"
                    },
                )


def _report_jumps(seen: Seen, rule: Jump, today: date) -> Iterator[Found]:
    """A day without a report is a day with none: the office's own table has no gaps."""
    first = seen.first_report_on
    for day in _recent(today):
        if first is None:
            return
        earliest = max(first, day - timedelta(days=rule.days))
        before = [
            float(seen.reports.get(earliest + timedelta(days=n), 0))
            for n in range((day - earliest).days)
        ]
        jump = _jump(float(seen.reports.get(day, 0)), before, rule)
        if jump is not None:
            yield Found(
                "reports",
                None,
                f"举报突增（{day.month}月{day.day}日）",
                {
                    f"reports|{day}": f"{day} 收到举报 {seen.reports[day]} 件，"
                    f"此前 {len(before)} 天的中位数为 {jump:g} 件。"
                },
            )


def _jump(value: float | None, before: Sequence[float], rule: Jump) -> float | None:
    """Return the median that *value* jumps over; ``None`` where it is no jump or nothing is known."""
    if value is None or value < rule.floor or len(before) < rule.least_days:
        return None
    usual = median(before)
    return usual if value >= rule.times * max(usual, 1) else None


def _content(seen: Seen) -> Iterator[Found]:
    for lead in seen.content:
        name = _name(seen, lead.account_id)
        yield Found(
            "content",
            lead.account_id,
            f"{name}内容线索（{lead.code}）"[:60],
            {
                sign_of(
                    lead
                ): f"{name} {lead.published_on} 发布的「{visible(lead.title, 120)}」中有"
                f"「{lead.word}」（{lead.code} {lead.item}）。{_link(lead)}"
            },
        )


def _takeovers(seen: Seen, rule: Signs, today: date) -> Iterator[Found]:
    for account in seen.names:
        signs = list(_signs_of(seen, rule, account, today))
        if sum(weight for _, _, weight in signs) >= rule.enough:
            name = _name(seen, account)
            yield Found(
                "takeover",
                account,
                f"{name}疑似被盗或篡改"[:60],
                {key: text for key, text, _ in signs},
            )


def _signs_of(seen: Seen, rule: Signs, account: str, today: date) -> Iterator[tuple[str, str, int]]:
    """Yield key, sentence and weight of every sign that an account was taken over."""
    shown, verified = seen.profiles.get(account, (None, None))
    registered = seen.names[account]
    if shown and _plain(shown) != _plain(registered):
        text = f"平台显示的名称为「{visible(shown, 60)}」，台账为「{visible(registered, 60)}」。"
        yield f"takeover|{account}|name|{_plain(shown)}", text, rule.name_differs
    if verified is False and account in seen.verified:
        yield (
            f"takeover|{account}|unverified",
            "平台显示账号未认证，台账为已认证。",
            rule.verification_lost,
        )
    for report_id, text in seen.report_texts.items():
        word = next((word for word in rule.words if word in text), "")
        if word and _names(text, registered):
            said = f"举报 {visible(report_id, 60)} 提到该账号「{word}」。"
            yield f"takeover|{account}|report|{report_id}", said, rule.reported
    for lead in _posts(seen.content, rule, account, today):
        said = f"{lead.published_on} 发布的「{visible(lead.title, 60)}」中有「{lead.word}」。"
        yield f"takeover|{account}|post|{lead.content_id}|{lead.code}", said, rule.prohibited_post


def _posts(leads: Iterable[Lead], rule: Signs, account: str, today: date) -> Iterator[Lead]:
    first = today - timedelta(days=rule.days - 1)
    for lead in leads:
        is_recent = date.fromisoformat(lead.published_on) >= first
        if lead.account_id == account and lead.code in rule.items and is_recent:
            yield lead


def _names(text: str, name: str) -> bool:
    return len(_plain(name)) >= 2 and _plain(name) in _plain(text)


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def _name(seen: Seen, account: str) -> str:
    return visible(seen.shown_names.get(account, account), 40)


def _link(lead: Lead) -> str:
    return f"链接：{visible(lead.url, 200)}" if lead.url else ""


def _recent(today: date) -> list[date]:
    return [today - timedelta(days=n) for n in range(RECENT_DAYS)]
