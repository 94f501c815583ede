"""The checker's verdicts: many accounts and indicators at once, each with what was seen."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import sql
from flows.operations.people import ON_ROSTER, answerer_with, case_setting
from flows.settings import Settings
from playbooks.core.cases import store
from playbooks.core.cases.forms import AnswerError, identifier_in
from playbooks.core.documents.text import visible
from playbooks.core.number_lists import words_in
from playbooks.spot_check.indicators import VERDICTS
from sql.catalogs import open_catalog, write

ALL: Final = "全部"
ADOPT: Final = "adopt"
STEP: Final = "check"
LONGEST_NOTE = 1_000


@dataclass(frozen=True)
class Seen:
    """What a checker found.

    Attributes:
        accounts: ids as a person types them, or 「全部」: whatever has no verdict yet.
        indicators: codes, or 「名称(代号)」; none means all of them.
        verdict: a key of ``VERDICTS``, or ``adopt``: as the system suggests, where it suggests one.
        note: what was seen; a failure needs it.
        evidence: an address or file names.
    """

    accounts: str
    indicators: Sequence[str]
    verdict: str
    note: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class Progress:
    """How far a spot check has come."""

    recorded: int
    checked: int
    total: int
    failed: int

    @property
    def sentence(self) -> str:
        """In one Chinese sentence."""
        rest = self.total - self.checked
        told = f"登记 {self.recorded} 项；" if self.recorded else ""
        ending = f"还有 {rest} 项" if rest else "全部检查完毕，请办理「逐个检查账号」"
        return f"{told}已检查 {self.checked}/{self.total} 项，不合格 {self.failed} 项，{ending}"


def record(
    settings: Settings,
    case_id: str,
    seen: Sequence[Seen],
    person: str,
    now: datetime,
    files: Sequence[Mapping[str, object]] = (),
) -> Progress:
    """Record verdicts in one transaction; files given with them are sealed as evidence of the case.

    Raises:
        AnswerError: the checking is not open, an account or indicator is not in it, a failure
            without what was seen, nothing that could be recorded, or a person not on the roster.
    """
    with write(settings.ops) as connection:
        who = answerer_with(connection, person, ON_ROSTER, "登记检查结果", now)
        _require_open(store.read_state(connection, case_id).open_steps)
        items = sql.rows(connection, "spot_check/items", case_id=case_id)
        rows: dict[tuple[str, str], dict[str, object]] = {}
        for one in seen:
            for item, verdict in _chosen(one, items):
                key = (str(item["account_id"]), str(item["indicator"]))
                told = replace(one, note=str(item["known"])) if one.verdict == ADOPT else one
                rows[key] = _verdict(case_id, key, verdict, told, who.person_id, now)
        if not rows:
            raise AnswerError(
                "没有可登记的项：系统没有建议的项须由人给出结果，已有结果的须写明账号"
            )
        sql.insert(connection, "spot_check_verdict", list(rows.values()))
        if files:
            setting = case_setting(settings, connection, now, f"person:{who.person_id}")
            sealed = [{**file, "sealed_by": who.person_id} for file in files]
            store.add_evidence(connection, case_id, sealed, setting)
    return progress(settings, case_id, len(rows))


def with_files(seen: Seen, files: Sequence[Mapping[str, object]]) -> Seen:
    """Return *seen* with the names and digests of its files in the evidence."""
    named = [f"{file['file_name']}（SHA-256 {str(file['sha256'])[:12]}…）" for file in files]
    return replace(seen, evidence="；".join(filter(None, [seen.evidence.strip(), *named])))


def progress(settings: Settings, case_id: str, recorded: int = 0) -> Progress:
    """Return how far a spot check has come.

    Raises:
        AnswerError: there is no spot check of that number, or it is not drawn yet.
    """
    with open_catalog(settings.ops) as connection:
        items = sql.rows(connection, "spot_check/items", case_id=case_id)
    if not items:
        raise AnswerError(f"{visible(case_id, 40)} 不是已抽取的季度抽查；请核对编号")
    done = [item for item in items if item["verdict"]]
    failed = [item for item in done if item["verdict"] == "failed"]
    return Progress(recorded, len(done), len(items), len(failed))


def _require_open(open_steps: Mapping[str, object]) -> None:
    if STEP not in open_steps:
        raise AnswerError("该件现在不在检查阶段：没有抽取、已经汇总，或不是季度抽查")


def _chosen(seen: Seen, items: Sequence[sql.Row]) -> list[tuple[sql.Row, str]]:
    """Return the items that *seen* is about, each with its verdict."""
    codes = _codes(seen, items)
    accounts = None if seen.accounts.strip() == ALL else _accounts(seen, items)
    if seen.verdict not in (*VERDICTS, ADOPT):
        raise AnswerError(f"检查结果只能是 {'、'.join(VERDICTS.values())}，或采用系统建议")
    if seen.verdict == "failed" and not seen.note.strip():
        raise AnswerError("不合格的必须写明检查所见")
    if seen.verdict == "failed" and accounts is None and not seen.indicators:
        raise AnswerError("不合格的须写明指标")
    chosen: list[tuple[sql.Row, str]] = []
    for item in items:
        is_meant = item["indicator"] in codes and (
            item["account_id"] in accounts if accounts is not None else item["verdict"] is None
        )
        verdict = str(item["suggestion"]) if seen.verdict == ADOPT else seen.verdict
        if is_meant and verdict in VERDICTS:
            chosen.append((item, verdict))
    return chosen


def _codes(seen: Seen, items: Sequence[sql.Row]) -> set[str]:
    known = {str(item["indicator"]) for item in items}
    asked = {identifier_in(one) for one in seen.indicators if one.strip()}
    unknown = sorted(asked - known)
    if unknown:
        raise AnswerError(f"没有指标 {'、'.join(unknown)}；有：{'、'.join(sorted(known))}")
    return asked or known


def _accounts(seen: Seen, items: Sequence[sql.Row]) -> set[str]:
    known = {str(item["account_id"]) for item in items}
    asked = {identifier_in(one) for one in words_in(seen.accounts)}
    unknown = sorted(asked - known)
    if unknown or not asked:
        named = "、".join(visible(one, 40) for one in unknown[:20])
        raise AnswerError(f"本次检查没有账号 {named or '（未填写）'}；请写台账号，或写「{ALL}」")
    return asked


def _verdict(
    case_id: str, key: tuple[str, str], verdict: str, seen: Seen, person_id: str, now: datetime
) -> dict[str, object]:
    account_id, indicator = key
    return {
        "verdict_id": uuid.uuid4().hex,
        "case_id": case_id,
        "account_id": account_id,
        "indicator": indicator,
        "verdict": verdict,
        "note": visible(seen.note.strip(), LONGEST_NOTE) or None,
        "evidence": visible(seen.evidence.strip(), LONGEST_NOTE) or None,
        "person_id": person_id,
        "decided_at": now,
    }
