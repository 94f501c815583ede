"""The annual appraisal: gather what the year holds, work out the result sheet."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import duckdb

import sql
from flows.operations.actions import Made
from flows.settings import Settings, SettingsError
from playbooks.appraisal.drafting import RESULT
from playbooks.appraisal.rules import Rules, RulesError, read_rules
from playbooks.appraisal.scoring import Entry, Record, Score, Unit, scores
from playbooks.appraisal.sheet import blank_report, result_sheets, rule_sheets
from playbooks.core.cases.state import CaseState
from playbooks.core.facts import as_int
from playbooks.core.findings.kinds import kinds
from playbooks.core.workbook import Sheet, write_workbook
from playbooks.core.working_hours import OFFICE_ZONE
from playbooks.spot_check.indicators import titles_of
from sql.catalogs import open_catalog


def lay_basis(settings: Settings, state: CaseState, now: datetime) -> Sequence[Made]:
    """Return the record of the year so far under the rules, and the blank self-report.

    Raises:
        SettingsError: the rules have faults, or score what must not be scored.
    """
    rules, found = _worked_out(settings, state, now)
    return [
        _workbook("考核依据.xlsx", result_sheets(found, rules), now),
        _workbook("单位自评表.xlsx", [blank_report(rules), *rule_sheets(rules)], now),
    ]


def conclude(settings: Settings, state: CaseState, now: datetime) -> Sequence[Made]:
    """Return the result sheet and the facts that the letters state.

    Raises:
        SettingsError: the rules have faults, or an appeal waits for a ruling.
    """
    rules, found = _worked_out(settings, state, now)
    _require_ruled(settings, as_int(state.inputs["year"]))
    facts = {
        "year": state.inputs["year"],
        "rules": {
            "version": rules.version,
            "label": rules.label,
            "source": rules.source,
            "grades": [name for name, _ in rules.grades],
        },
        "scores": [_score(one) for one in found],
        "appeals": [
            {"unit": one.unit.name, "title": item.rule.title, "told": item.appeal}
            for one in found
            for item in one.items
            if item.appeal
        ],
    }
    text = json.dumps(facts, ensure_ascii=False, indent=1)
    return [
        Made(RESULT, text.encode("utf-8")),
        _workbook("考核结果.xlsx", result_sheets(found, rules), now),
    ]


def preview(settings: Settings, year: int, now: datetime) -> tuple[Rules, list[Score]]:
    """Return the rules and how the year stands by them now; nothing is written.

    Raises:
        RulesError: the rules have faults.
    """
    rules = read_rules(settings.home / "appraisal.yml")
    with open_catalog(settings.ops) as connection:
        titles = titles_of(settings.home / "spot_check.yml")
        units, records = _record(connection, year, now, titles)
    return rules, scores(rules, units, records)


def _worked_out(settings: Settings, state: CaseState, now: datetime) -> tuple[Rules, list[Score]]:
    try:
        rules, found = preview(settings, as_int(state.inputs["year"]), now)
    except RulesError as error:
        raise SettingsError(str(error)) from error
    if not found:
        raise SettingsError("台账中没有主办账号的单位，无从考核；请先导入台账")
    return rules, found


def _record(
    connection: duckdb.DuckDBPyConnection, year: int, now: datetime, titles: Mapping[str, str]
) -> tuple[list[Unit], dict[str, Record]]:
    """Return the units that sponsor accounts, and what the year holds for each."""
    begin_at, end_at = (
        datetime.combine(date(one, 1, 1), time(), OFFICE_ZONE).astimezone(UTC)
        for one in (year, year + 1)
    )
    sponsors = {str(row["unit_id"]) for row in sql.rows(connection, "register/all_account")}
    units = [
        Unit(str(row["unit_id"]), str(row["name"]), str(row["unit_kind"]))
        for row in sql.rows(connection, "register/all_unit")
        if str(row["unit_id"]) in sponsors
    ]
    span: dict[str, object] = {"begin_at": begin_at, "end_at": end_at, "now": now}
    counting = _Counting(titles)
    for row in sql.rows(connection, "appraisal/findings", **span):
        counting.finding(row)
    for row in sql.rows(connection, "appraisal/failures", year_prefix=f"{year}Q"):
        counting.failure(row)
    for row in sql.rows(connection, "appraisal/entries", year=year):
        counting.entry(row)
    return units, counting.records()


class _Counting:
    """Counts of each unit as they are read."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        self.titles = titles
        self.counts: dict[str, dict[str, int]] = {}
        self.proofs: dict[str, dict[str, list[str]]] = {}
        self.entries: dict[str, dict[tuple[str, str], Entry]] = {}

    def finding(self, row: sql.Row) -> None:
        kind = kinds().get(str(row["code"]))
        if kind is None or kind.level == "lead":
            return
        numbers = "、".join(map(str, cast("list[int]", row["numbers"])))
        unit_id = str(row["unit_id"])
        self._add(
            unit_id, f"findings.{kind.code}", as_int(row["finding_count"]), f"问题 {numbers} 号"
        )
        late = as_int(row["overdue_count"])
        if late:
            self._add(unit_id, "overdue", late, f"{kind.title} {late} 条逾期")

    def failure(self, row: sql.Row) -> None:
        indicator = str(row["indicator"])
        proof = f"{row['period']} {row['account_id']} {self.titles.get(indicator, indicator)}"
        self._add(str(row["unit_id"]), f"spot_check.{row['indicator']}", 1, proof)

    def entry(self, row: sql.Row) -> None:
        points = row["points"]
        key = (str(row["entry_kind"]), str(row["rule"]))
        self.entries.setdefault(str(row["unit_id"]), {})[key] = Entry(
            float(str(points)) if points is not None else None,
            str(row["words"] or ""),
            str(row["entered_by"] or row["person_id"]),
        )

    def records(self) -> dict[str, Record]:
        units = {*self.counts, *self.entries}
        return {
            unit: Record(
                self.counts.get(unit, {}), self.proofs.get(unit, {}), self.entries.get(unit, {})
            )
            for unit in units
        }

    def _add(self, unit_id: str, measure: str, count: int, proof: str) -> None:
        counts = self.counts.setdefault(unit_id, {})
        counts[measure] = counts.get(measure, 0) + count
        self.proofs.setdefault(unit_id, {}).setdefault(measure, []).append(proof)


def _score(one: Score) -> dict[str, object]:
    return {
        "unit_id": one.unit.unit_id,
        "unit": one.unit.name,
        "group": one.group,
        "rank": one.rank,
        "deduction": one.deduction,
        "bonus": one.bonus,
        "total": one.total,
        "grade": one.grade,
        "vetoes": list(one.vetoes),
    }


def _require_ruled(settings: Settings, year: int) -> None:
    with open_catalog(settings.ops) as connection:
        rows = sql.rows(connection, "appraisal/entries", year=year)
    at = {(row["unit_id"], row["rule"], row["entry_kind"]): row for row in rows}
    waiting = [
        f"{row['unit_name']} {row['rule']}"
        for (unit, rule, kind), row in at.items()
        if kind == "appeal"
        and (
            (unit, rule, "ruling") not in at
            or cast("datetime", at[unit, rule, "ruling"]["entered_at"])
            < cast("datetime", row["entered_at"])
        )
    ]
    if waiting:
        raise SettingsError(f"还有申诉没有裁定：{'；'.join(waiting[:10])}")


def _workbook(name: str, sheets: Sequence[Sheet], now: datetime) -> Made:
    with TemporaryDirectory(prefix="juzhen-sheet-") as folder:
        path = Path(folder) / name
        write_workbook(path, sheets, now)
        return Made(name, path.read_bytes())
