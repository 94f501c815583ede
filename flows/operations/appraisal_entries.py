"""What people enter for the annual appraisal: self-reports, scores, appeals and rulings; and who may."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

import duckdb

import sql
from flows.operations.people import answerer, answerer_with
from flows.settings import Settings
from playbooks.appraisal.rules import Rule, Rules, read_rules
from playbooks.core.cases.forms import AnswerError, identifier_in
from playbooks.core.cases.turn import Answerer
from playbooks.core.documents.text import visible
from playbooks.core.facts import as_int
from sql.catalogs import write

Kind = Literal["self_report", "score", "appeal", "ruling"]
WORDS: Final = {"self_report": "自评", "score": "评定", "appeal": "申诉", "ruling": "裁定"}
LONGEST: Final = 2_000
MAY: Final[Mapping[Kind, tuple[tuple[str, ...], str]]] = {
    "score": (("handler", "reviewer"), "评定考核分"),
    "ruling": (("reviewer", "signer", "duty_lead"), "裁定申诉"),
}
"""Which roles of the roster may enter what; a self-report and an appeal are open to everybody."""


def enter(
    settings: Settings,
    kind: Kind,
    given: Mapping[str, object],
    person: str,
    now: datetime,
) -> str:
    """Write down one entry for a unit and rule; the latest of its kind stands, the others remain.

    Args:
        settings: of this installation.
        kind: what it is.
        given: ``year``, ``unit_id``, ``rule``, ``points``, ``words``, ``evidence``.
        person: who enters it.
        now: when.

    Raises:
        AnswerError: no such unit or rule, points that cannot be, a ruling on what nobody appealed, or
            a person who may not: see ``MAY``; a ruling is not for whoever gave the score.
    """
    rules = read_rules(settings.home / "appraisal.yml")
    points = _points(given, rules)
    rule = _rule(kind, str(given["rule"]), rules)
    unit_id, year = identifier_in(str(given["unit_id"])), as_int(given["year"])
    with write(settings.ops) as connection:
        who = _who(connection, kind, person, now)
        name = _unit_name(connection, unit_id)
        if kind == "ruling":
            standing = _standing(connection, year, unit_id, rule.code)
            _require_ruling(standing, who, f"{name} 没有就「{rule.title}」申诉")
        row = {
            "entry_id": uuid.uuid4().hex,
            "year": year,
            "unit_id": unit_id,
            "rule": rule.code,
            "entry_kind": kind,
            "points": points,
            "words": visible(str(given.get("words") or "").strip(), LONGEST),
            "evidence": visible(str(given.get("evidence") or "").strip(), LONGEST) or None,
            "person_id": who.person_id,
            "entered_at": now,
        }
        sql.insert(connection, "appraisal_entry", [row])
    return f"已登记 {name} {year} 年度「{rule.title}」{WORDS[kind]}"


def _points(given: Mapping[str, object], rules: Rules) -> float:
    points = float(str(given.get("points") or 0))
    if not 0 <= points <= rules.full_marks:  # which refuses what is no number as well
        raise AnswerError(f"分数应为 0 至 {rules.full_marks:g} 之间的正数；扣分也写正数")
    return points


def _rule(kind: Kind, typed: str, rules: Rules) -> Rule:
    code = identifier_in(typed)
    rule = next((one for one in rules.rules if one.code == code), None)
    if rule is None:
        known = "、".join(one.code for one in rules.rules)
        raise AnswerError(f"考核规则中没有 {visible(code, 40)}；有：{known}")
    if kind == "score" and rule.measure != "manual":
        raise AnswerError(f"「{rule.title}」由系统按 {rule.measure} 计数，不能打分；有异议的走申诉")
    return rule


def _who(connection: duckdb.DuckDBPyConnection, kind: Kind, person: str, now: datetime) -> Answerer:
    if kind not in MAY:
        return answerer(connection, person, now)
    roles, what = MAY[kind]
    return answerer_with(connection, person, roles, what, now)


def _require_ruling(standing: Mapping[str, str], who: Answerer, not_appealed: str) -> None:
    """Refuse a ruling on what nobody appealed, and one by whoever gave the score it is about."""
    if "appeal" not in standing:
        raise AnswerError(f"{not_appealed}；请先登记申诉")
    if standing.get("score") == who.person_id:
        raise AnswerError(f"{who.name} 就是该项的评分人，不能裁定对它的申诉；请由另一人裁定")


def _standing(
    connection: duckdb.DuckDBPyConnection, year: int, unit_id: str, code: str
) -> Mapping[str, str]:
    """Return kind -> who entered the one that stands, of a unit and rule."""
    rows = sql.rows(connection, "appraisal/entries", year=year)
    return {
        str(row["entry_kind"]): str(row["person_id"])
        for row in rows
        if (row["unit_id"], row["rule"]) == (unit_id, code)
    }


def _unit_name(connection: duckdb.DuckDBPyConnection, unit_id: str) -> str:
    for row in sql.rows(connection, "register/all_unit"):
        if row["unit_id"] == unit_id:
            return str(row["name"])
    raise AnswerError(f"台账中没有单位 {visible(unit_id, 40)}")
