"""Both update rules over a period: the longest silence of every account, counted day by day.

The district (Article 31): more than 7 workdays without an update. The national inspection: two weeks.
A stretch with days whose publications are unknown proves nothing: it is a lead for a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast

from playbooks.core.calendar import DayReason, WorkCalendar, days_between
from playbooks.core.staleness_rule import Staleness, staleness
from playbooks.statistics.figures import AccountFigures, Figures


@dataclass(frozen=True)
class Silence:
    """One stretch without an update, as it stood on ``until_on``, the last silent day counted.

    Attributes:
        is_update: the stretch starts with an update; else nothing is known before it.
        is_open: no update followed by the end of what is known.
        unknown_days: days within, of which nobody knows whether something was published.
        rule: both clocks on ``until_on``.
        skipped: the rest days of the stretch, with their reasons.
    """

    account: AccountFigures
    from_on: date
    until_on: date
    is_update: bool
    is_open: bool
    unknown_days: int
    rule: Staleness
    skipped: tuple[DayReason, ...]

    @property
    def is_local_overdue(self) -> bool:
        """Whether Article 31 bit."""
        return self.rule.is_local_overdue

    @property
    def is_national_failed(self) -> bool:
        """Whether the national rule bit."""
        return self.rule.is_national_failed

    @property
    def is_proven(self) -> bool:
        """Whether every day of the stretch is known to be without an update."""
        return self.unknown_days == 0

    @property
    def skipped_text(self) -> str:
        """Why the workdays are fewer than the days: 周六2天、周日2天、国庆节7天."""
        counts = Counter(reason.name for reason in self.skipped)
        return "、".join(f"{name}{count}天" for name, count in counts.items()) or "无"


@dataclass(frozen=True)
class Compliance:
    """The verdict on a scope: every account is in exactly one of the lists of accounts.

    Attributes:
        findings: proven stretches that broke a rule, longest first; several may be one account's.
        leads: unproven ones.
        clean: accounts whose publications are known and broke neither rule.
        unknown: accounts of whose publications nothing is known in the period.
    """

    findings: tuple[Silence, ...]
    leads: tuple[Silence, ...]
    clean: tuple[AccountFigures, ...]
    unknown: tuple[AccountFigures, ...]

    def accounts_in(self, silences: Sequence[Silence]) -> int:
        """Return how many accounts *silences* are about."""
        return len({each.account.account_id for each in silences})

    @property
    def local(self) -> tuple[Silence, ...]:
        """Findings under Article 31."""
        return tuple(each for each in self.findings if each.is_local_overdue)

    @property
    def national(self) -> tuple[Silence, ...]:
        """Findings under the national rule."""
        return tuple(each for each in self.findings if each.is_national_failed)


def compliance_of(figures: Figures, calendar: WorkCalendar) -> Compliance:
    """Judge every operating account of *figures* by both rules."""
    broken = [each for each in _silences(figures, calendar) if _is_broken(each)]
    broken.sort(key=lambda each: (-each.rule.calendar_days, each.account.account_id))
    accused = {each.account.account_id for each in broken}
    calm = [account for account in figures.operating if account.account_id not in accused]
    return Compliance(
        findings=tuple(each for each in broken if each.is_proven),
        leads=tuple(each for each in broken if not each.is_proven),
        clean=tuple(account for account in calm if account.days["published_count"]),
        unknown=tuple(account for account in calm if not account.days["published_count"]),
    )


def _is_broken(silence: Silence) -> bool:
    return silence.is_local_overdue or silence.is_national_failed


def _silences(figures: Figures, calendar: WorkCalendar) -> list[Silence]:
    return [
        _silence(row, figures, calendar) for row in figures.frames["silence"].iter_rows(named=True)
    ]


def _silence(row: dict[str, object], figures: Figures, calendar: WorkCalendar) -> Silence:
    from_on, until_on = cast("date", row["from_on"]), cast("date", row["until_on"])
    reasons = [calendar.why(day) for day in days_between(from_on + timedelta(days=1), until_on)]
    return Silence(
        account=figures.account_by_id[str(row["account_id"])],
        from_on=from_on,
        until_on=until_on,
        is_update=bool(row["is_update"]),
        is_open=bool(row["is_open"]),
        unknown_days=int(cast("int", row["unknown_days"])),
        rule=staleness(from_on, until_on, calendar),
        skipped=tuple(reason for reason in reasons if not reason.is_workday),
    )
