"""From the verdicts of a spot check to its result: counts, platforms, problems, lists, the recheck."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from playbooks.spot_check.indicators import Indicator

LONGEST_NOTE = 80


@dataclass(frozen=True)
class Checked:
    """One account that was checked.

    Attributes:
        verdicts: indicator -> ``passed``, ``failed`` or ``inapplicable``.
        notes: indicator -> what the checker saw.
        rechecked: indicators that the last check had found failed.
    """

    account_id: str
    name: str
    platform: str
    unit_id: str
    unit_name: str
    verdicts: Mapping[str, str]
    notes: Mapping[str, str] = field(default_factory=dict[str, str])
    rechecked: Sequence[str] = ()

    @property
    def shown(self) -> str:
        """「名称」（平台）, as circulars name an account."""
        return f"“{self.name}”（{self.platform}）"


@dataclass(frozen=True)
class Result:
    """What the circular and the next quarter need; JSON-ready by ``as_dict``.

    Attributes:
        platforms: name, checked, passed of each platform.
        problems: title, whether a veto, wording, and the accounts, of each indicator that failed
            somewhere, vetoes first.
        failed: number in the list, unit, account, platform, problems, indicators, of each account
            that a veto fails.
        troubled: the same of accounts that pass with problems.
        recheck: items of the last check looked at again: how many, how many put right, which not.
    """

    frame_count: int
    checked_count: int
    passed_count: int
    platforms: Sequence[tuple[str, int, int]]
    problems: Sequence[Mapping[str, object]]
    failed: Sequence[Mapping[str, str]]
    troubled: Sequence[Mapping[str, str]]
    recheck: Mapping[str, object]

    def as_dict(self) -> dict[str, object]:
        """Return it as JSON holds it."""
        return asdict(self)


def result_of(
    checked: Sequence[Checked], indicators: Mapping[str, Indicator], frame_count: int
) -> Result:
    """Return the result of a spot check; an account passes unless a veto fails it."""
    vetoes = {code for code, indicator in indicators.items() if indicator.is_veto}
    failing = {one.account_id: _failing(one, indicators) for one in checked}
    bad = [one for one in checked if vetoes & set(failing[one.account_id])]
    troubled = [one for one in checked if failing[one.account_id] and one not in bad]
    order = sorted(indicators.values(), key=lambda indicator: not indicator.is_veto)
    return Result(
        frame_count=frame_count,
        checked_count=len(checked),
        passed_count=len(checked) - len(bad),
        platforms=_platforms(checked, bad),
        problems=[
            {
                "title": indicator.title,
                "is_veto": indicator.is_veto,
                "problem": indicator.problem,
                "article": indicator.article,
                "accounts": [one.shown for one in theirs],
            }
            for indicator in order
            if (theirs := [one for one in checked if indicator.code in failing[one.account_id]])
        ],
        failed=[_listed(one, failing[one.account_id], indicators) for one in bad],
        troubled=[_listed(one, failing[one.account_id], indicators) for one in troubled],
        recheck=_recheck(checked, indicators),
    )


def _failing(one: Checked, indicators: Mapping[str, Indicator]) -> list[str]:
    return [code for code in indicators if one.verdicts.get(code) == "failed"]


def _platforms(checked: Sequence[Checked], bad: Sequence[Checked]) -> list[tuple[str, int, int]]:
    names = dict.fromkeys(one.platform for one in checked)
    counted = [
        (
            name,
            sum(one.platform == name for one in checked),
            sum(one.platform == name for one in checked if one not in bad),
        )
        for name in names
    ]
    return sorted(counted, key=lambda row: -row[1])


def _listed(
    one: Checked, codes: Sequence[str], indicators: Mapping[str, Indicator]
) -> dict[str, str]:
    told: list[str] = []
    problems: list[str] = []
    for code in codes:
        note = _note(one, code)
        # Both update rules say the same of one account: once is enough.
        problems.append(indicators[code].problem + ("" if note in told else note))
        told.append(note)
    return {
        "unit": one.unit_name,
        "name": one.name,
        "platform": one.platform,
        "problems": "；".join(problems),
        "articles": "；".join(dict.fromkeys(indicators[code].article for code in codes)),
    }


def _note(one: Checked, code: str) -> str:
    """Return the first clause of what was seen: the worksheet has the rest."""
    first = one.notes.get(code, "").split("；")[0].split("。")[0].strip()
    return f"（{first[:LONGEST_NOTE]}）" if first else ""


def _recheck(checked: Sequence[Checked], indicators: Mapping[str, Indicator]) -> dict[str, object]:
    items = [(one, code) for one in checked for code in one.rechecked]
    still = [(one, code) for one, code in items if one.verdicts.get(code) == "failed"]
    return {
        "count": len(items),
        "fixed_count": len(items) - len(still),
        "still": [
            f"{one.shown}{indicators[code].problem if code in indicators else code}"
            for one, code in still
        ],
    }
