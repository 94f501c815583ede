"""What people do about problems, many at once: take up, put right, dismiss, give away, send a notice.

One act is one transaction: all of it holds, or nothing. Every act leaves an entry with name and time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import duckdb

import sql
from flows.calendars import office_calendar
from flows.operations.cases import carried_on
from flows.operations.findings import due_after, held_of, note, replaced, update
from flows.operations.people import ON_ROSTER, answerer, answerer_with, opening_setting
from flows.operations.rectifying import open_notices
from flows.settings import Settings
from playbooks.core.cases.engine import Answerer
from playbooks.core.cases.forms import AnswerError
from playbooks.core.findings.kinds import STATES, kinds
from playbooks.core.findings.model import Held
from playbooks.core.number_lists import numbers_in
from sql.catalogs import write

MOST_WORKDAYS = 60


@dataclass(frozen=True)
class Wanted:
    """What somebody wants done; each list is numbers as a person types them, ``3、5-8``.

    Attributes:
        accept: to be put right; a lead needs *reason*: what was verified.
        fixed: put right, *reason* says how.
        dismiss: no problem, *reason* says why.
        assign: get *owner* as their owner.
        notice: to be put right by a notice of rectification, one case a sponsor.
        workdays: another deadline for what is accepted, from today.
    """

    accept: str = ""
    fixed: str = ""
    dismiss: str = ""
    assign: str = ""
    notice: str = ""
    owner: str = ""
    reason: str = ""
    workdays: int = 0


@dataclass(frozen=True)
class Settled:
    """What was done."""

    counts: Mapping[str, int] = field(default_factory=dict[str, int])
    cases: Sequence[str] = ()
    undrafted: str = ""

    @property
    def sentence(self) -> str:
        """What was done, in one Chinese sentence."""
        words = {
            "accept": "转整改",
            "fixed": "登记已整改",
            "dismiss": "排除",
            "assign": "改派",
            "notice": "列入整改通知",
        }
        parts = [f"{words[act]} {count} 条" for act, count in self.counts.items()]
        if self.cases:
            parts.append(f"整改件 {'、'.join(self.cases)}")
        return "；".join(parts)


def settle(settings: Settings, wanted: Wanted, person: str, now: datetime) -> Settled:
    """Do everything that *wanted* asks for.

    Raises:
        AnswerError: a number that is not on the list or already settled, one that is named twice, a
            reason that is missing, or a person who is not on the roster now.
    """
    acts = {name: _numbers(name, wanted) for name in ACTS}
    _require(acts, wanted)
    with write(settings.ops) as connection:
        who = answerer_with(connection, person, ON_ROSTER, "处理问题", now)
        rows = {held.number: held for held in map(held_of, sql.rows(connection, "findings/latest"))}
        _require_running([n for numbers in acts.values() for n in numbers], rows)
        chosen = {name: [rows[n] for n in numbers] for name, numbers in acts.items() if numbers}
        doing = _Doing(settings, connection, wanted, who, now)
        for name, helds in chosen.items():
            ACTS[name](doing, helds)
    undrafted = [carried_on(settings, case_id, now).undrafted for case_id in doing.cases]
    counts = {name: len(helds) for name, helds in chosen.items()}
    return Settled(counts, tuple(doing.cases), "；".join(filter(None, undrafted)))


@dataclass
class _Doing:
    settings: Settings
    connection: duckdb.DuckDBPyConnection
    wanted: Wanted
    who: Answerer
    now: datetime
    cases: list[str] = field(default_factory=list[str])

    def write(self, held: Held, event: str, detail: str, **changed: object) -> None:
        """Write how one problem stands now, and the entry that says who did what."""
        update(self.connection, [replaced(held, changed)])
        actor = f"person:{self.who.person_id}"
        note(self.connection, held.number, event, detail, actor, self.now)


def _accept(doing: _Doing, helds: Sequence[Held]) -> None:
    workdays = doing.wanted.workdays
    for held in helds:
        _require_verified(held, doing.wanted.reason)
        changed: dict[str, object] = {"state": "accepted"}
        if workdays:
            changed |= due_after(workdays, doing.now, office_calendar(doing.settings))
        doing.write(held, "accepted", doing.wanted.reason or "转整改", **changed)


def _fixed(doing: _Doing, helds: Sequence[Held]) -> None:
    for held in helds:
        doing.write(held, "fixed", doing.wanted.reason, state="fixed", settled_at=doing.now)


def _dismiss(doing: _Doing, helds: Sequence[Held]) -> None:
    for held in helds:
        doing.write(held, "dismissed", doing.wanted.reason, state="dismissed", settled_at=doing.now)


def _assign(doing: _Doing, helds: Sequence[Held]) -> None:
    owner = answerer(doing.connection, doing.wanted.owner, doing.now)
    for held in helds:
        says = f"改由 {owner.name} 负责" + (
            f"：{doing.wanted.reason}" if doing.wanted.reason else ""
        )
        doing.write(held, "assigned", says, owner_person_id=owner.person_id)


def _notice(doing: _Doing, helds: Sequence[Held]) -> None:
    for held in helds:
        _require_verified(held, doing.wanted.reason)
        if held.case_id:
            raise AnswerError(f"{held.number} 号已在整改件 {held.case_id} 中")
    actor = f"person:{doing.who.person_id}"
    setting = opening_setting(doing.settings, doing.connection, doing.now, actor)
    opened = open_notices(doing.connection, helds, setting)
    for held in helds:
        case_id = opened[held.unit_id]
        doing.write(held, "noticed", f"列入整改件 {case_id}", state="accepted", case_id=case_id)
    doing.cases += sorted(set(opened.values()))


Act = Callable[[_Doing, Sequence[Held]], None]
ACTS: Mapping[str, Act] = {
    "accept": _accept,
    "fixed": _fixed,
    "dismiss": _dismiss,
    "assign": _assign,
    "notice": _notice,
}


def _numbers(name: str, wanted: Wanted) -> list[int]:
    try:
        return numbers_in(str(getattr(wanted, name)))
    except ValueError as error:
        raise AnswerError(str(error)) from error


def _require(acts: Mapping[str, Sequence[int]], wanted: Wanted) -> None:
    faults: list[str] = []
    if not any(acts.values()):
        faults.append("没有填写编号；编号见看板「问题清单」")
    named = [n for numbers in acts.values() for n in numbers]
    twice = sorted({n for n in named if named.count(n) > 1})
    if twice:
        faults.append(f"{'、'.join(map(str, twice[:20]))} 号填在了不止一栏；请只填一栏")
    if (acts["dismiss"] or acts["fixed"]) and not wanted.reason.strip():
        faults.append("排除须写明理由，登记已整改须写明怎样整改")
    if acts["assign"] and not wanted.owner.strip():
        faults.append("改派须写明新的责任人")
    if not 0 <= wanted.workdays <= MOST_WORKDAYS:
        faults.append(f"整改期限应为 1 至 {MOST_WORKDAYS} 个工作日")
    if faults:
        raise AnswerError("；".join(faults))


def _require_running(numbers: Sequence[int], rows: Mapping[int, Held]) -> None:
    unknown = [n for n in numbers if n not in rows]
    if unknown:
        raise AnswerError(f"问题清单中没有 {'、'.join(map(str, unknown[:20]))} 号，或已有新的编号")
    done = [rows[n] for n in numbers if not rows[n].is_running]
    if done:
        told = "、".join(f"{one.number} 号（{STATES[one.state]}）" for one in done[:20])
        raise AnswerError(f"{told}已经了结；请看最新的「问题清单」")


def _require_verified(held: Held, reason: str) -> None:
    """Refuse to treat a lead as a problem before a person has said what was verified."""
    if kinds()[held.code].level == "lead" and not reason.strip():
        raise AnswerError(f"{held.number} 号只是线索；请在理由栏写明核实情况，再转整改")
