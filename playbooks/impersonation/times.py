"""How long impersonation cases take, per platform, and how often an account comes back.

Medians over the cases that reached a moment; a time nobody reached is missing, never zero. The numbers
describe the office's own work and the platforms' answers; they are no limits and no score.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from playbooks.core.calendar import WorkCalendar
from playbooks.core.limits import Unit, consume

ALL = "all"


@dataclass(frozen=True)
class Milestones:
    """When one case reached what; ``None`` is not yet, or never.

    Attributes:
        came_back: whether the account came back after it was gone, in this case or as a new one.
    """

    case_id: str
    platform: str
    opened_at: datetime
    verified_at: datetime | None
    sent_at: datetime | None
    gone_at: datetime | None
    closed_at: datetime | None
    outcome: str
    came_back: bool


@dataclass(frozen=True)
class Measured:
    """A median and how many cases it is over; ``None`` when no case reached the end."""

    value: float | None
    case_count: int

    @property
    def text(self) -> str:
        """The median with its number of cases, or that there is none."""
        return "无样本" if self.value is None else f"{self.value:g}（{self.case_count}件）"


@dataclass(frozen=True)
class PlatformTimes:
    """What is counted for one platform, or for all of them.

    Attributes:
        to_verify: working hours from opening to the verdict.
        to_letter: working hours from the verdict to the letter that went to the platform.
        response: working days from that letter until the account was found gone.
        to_close: working days from opening to closing.
        gone_count: cases whose account was gone at some time.
        reappeared_count: those whose account came back.
    """

    platform: str
    case_count: int
    refuted_count: int
    to_verify: Measured
    to_letter: Measured
    response: Measured
    to_close: Measured
    gone_count: int
    reappeared_count: int

    @property
    def reappearance(self) -> str:
        """The share of accounts that came back, or that none was gone."""
        if not self.gone_count:
            return "无样本"
        share = 100 * self.reappeared_count / self.gone_count
        return f"{share:.0f}%（{self.reappeared_count}/{self.gone_count}）"


def milestones_of(rows: Iterable[Mapping[str, object]]) -> list[Milestones]:
    """Return the rows of ``cases/milestones`` as milestones; a re-opened lineage counts on the first."""
    listed = list(rows)
    followed = {str(row["reappears_of"]) for row in listed if row["reappears_of"]}
    return [
        Milestones(
            case_id=str(row["case_id"]),
            platform=str(row["platform"]),
            opened_at=_certain(row["opened_at"]),
            verified_at=_instant(row["verified_at"]),
            sent_at=_instant(row["sent_at"]),
            gone_at=_instant(row["gone_at"]),
            closed_at=_instant(row["closed_at"]),
            outcome=str(row["outcome"] or ""),
            came_back=bool(row["reappeared_count"]) or str(row["case_id"]) in followed,
        )
        for row in listed
    ]


def times_by_platform(cases: Sequence[Milestones], calendar: WorkCalendar) -> list[PlatformTimes]:
    """Return the times of every platform that has a case, and of all of them last."""
    platforms = sorted({case.platform for case in cases})
    parts = [
        _times(platform, [case for case in cases if case.platform == platform], calendar)
        for platform in platforms
    ]
    return [*parts, _times(ALL, cases, calendar)] if parts else []


def _times(platform: str, cases: Sequence[Milestones], calendar: WorkCalendar) -> PlatformTimes:
    hours, days = _span(Unit.WORKING_HOURS, calendar), _span(Unit.WORKING_DAYS, calendar)
    gone = [case for case in cases if case.gone_at]
    return PlatformTimes(
        platform=platform,
        case_count=len(cases),
        refuted_count=sum(case.outcome == "not_impersonation" for case in cases),
        to_verify=_measured(hours(case.opened_at, case.verified_at) for case in cases),
        to_letter=_measured(hours(case.verified_at, case.sent_at) for case in cases),
        response=_measured(days(case.sent_at, case.gone_at) for case in cases),
        to_close=_measured(days(case.opened_at, case.closed_at) for case in cases),
        gone_count=len(gone),
        reappeared_count=sum(case.came_back for case in gone),
    )


def _span(
    unit: Unit, calendar: WorkCalendar
) -> Callable[[datetime | None, datetime | None], float | None]:
    def span(since: datetime | None, until: datetime | None) -> float | None:
        # A letter may go before a verdict that was given a second time; such a span says nothing.
        if since is None or until is None or until < since:
            return None
        return float(consume(unit, since, until, calendar))

    return span


def _measured(spans: Iterable[float | None]) -> Measured:
    known = [span for span in spans if span is not None]
    return Measured(round(median(known), 1) if known else None, len(known))


def _instant(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None


def _certain(value: object) -> datetime:
    assert isinstance(value, datetime)
    return value
