"""Open a case, answer a step, add evidence, hand over.

Each is one short transaction on the ops catalog. The ledger has the act before anything follows
from it; letters that a step asks for are drafted right afterwards, and again by the sweep if that
was interrupted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import duckdb

import sql
from flows.operations.account_lists import with_accounts
from flows.operations.files import keep
from flows.operations.people import answerer, case_setting, opening_setting, receiver
from flows.operations.shipped import parsed, playbook_path
from flows.operations.system_steps import carry_on
from flows.settings import Settings, SettingsError
from playbooks.core.cases import engine, store
from playbooks.core.cases.forms import AnswerError, check_answers
from playbooks.core.cases.turn import Turn
from sql.catalogs import write

REPORTED_BY_SOMEBODY = frozenset({"citizen", "hotline"})
"""Channels whose reporter is owed an answer; the office's own inspection owes none."""


@dataclass(frozen=True)
class CaseChanged:
    """What an operation did to a case.

    Attributes:
        refusal: why an answer was not taken (stale); empty otherwise.
        letters: files of letters that were drafted in consequence.
        undrafted: why letters that are now due could not be drafted yet; the answer stands, and
            the next sweep tries again.
    """

    case_id: str
    refusal: str = ""
    is_joined: bool = False
    letters: tuple[Path, ...] = ()
    undrafted: str = ""


def open_case(  # noqa: PLR0913 - an intake has this many sides
    settings: Settings,
    playbook_id: str,
    inputs: Mapping[str, object],
    report: store.Report | None,
    person: str,
    now: datetime,
    *,
    is_drill: bool = False,
) -> CaseChanged:
    """Open a case or join the report to the open case of the same matter.

    A drill (演练) is marked in every message and on every letter, and joins no real case.

    Raises:
        AnswerError: the inputs do not fit the form, or the person is not known.
        SettingsError: there is no such playbook.
        PlaybookError: the playbook has faults.
    """
    with write(settings.ops) as connection:
        who = answerer(connection, person, now)
        setting = opening_setting(settings, connection, now, f"person:{who.person_id}")
        opened = open_in(connection, playbook_id, inputs, report, setting, is_drill=is_drill)
    return replace(carried_on(settings, opened.case_id, now), is_joined=opened.is_joined)


def open_in(
    connection: duckdb.DuckDBPyConnection,
    playbook_id: str,
    inputs: Mapping[str, object],
    report: store.Report | None,
    setting: store.Setting,
    *,
    is_drill: bool = False,
) -> store.Opened:
    """Open a case or join the report, within the caller's transaction; raises as ``open_case``."""
    path = playbook_path(playbook_id)
    text = path.read_text(encoding="utf-8")
    playbook = parsed(text, path.name)
    accepted = check_answers(playbook.inputs, inputs)
    if accepted.get("channel") not in REPORTED_BY_SOMEBODY:
        report = None
    _require_account(connection, accepted.get("official_account_id"))
    return store.open_case(connection, playbook, text, inputs, report, setting, is_drill=is_drill)


def _require_account(connection: duckdb.DuckDBPyConnection, account_id: object) -> None:
    """Refuse an official account that the register does not have: letters would state it as fact."""
    if account_id and not sql.rows(connection, "letters/official_account", account_id=account_id):
        raise AnswerError(f"台账中没有账号 {account_id}；请从台账中选择，或留空")


def answer_step(  # noqa: PLR0913 - an answer has this many sides
    settings: Settings,
    case_id: str,
    step_id: str,
    answers: Mapping[str, object],
    person: str,
    now: datetime,
    *,
    visit: int | None = None,
    evidence: Sequence[Mapping[str, object]] = (),
) -> CaseChanged:
    """Answer a step; files given with the answer are sealed as evidence first.

    Raises:
        AnswerError: the person may not answer, or the answer does not fit the form.
        CaseNotFoundError: there is no such case.
    """
    with write(settings.ops) as connection:
        who = answerer(connection, person, now)
        setting = case_setting(settings, connection, now, f"person:{who.person_id}")
        if evidence:
            store.add_evidence(connection, case_id, _sealed(evidence, who), setting)
        given = with_accounts(connection, case_id, step_id, answers)
        accepted = store.answer_step(connection, case_id, step_id, visit, given, who, setting)
        sql.execute(connection, "reports/erase_answered", case_id=case_id)
    if accepted.refusal:
        return CaseChanged(case_id, refusal=accepted.refusal)
    return carried_on(settings, case_id, now)


def carried_on(settings: Settings, case_id: str, now: datetime) -> CaseChanged:
    """Let the system do what the case now asks of it; what it cannot stands in the result."""
    try:
        return CaseChanged(case_id, letters=tuple(carry_on(settings, now, case_id)))
    except SettingsError as error:
        return CaseChanged(case_id, undrafted=str(error))


def add_evidence(
    settings: Settings, case_id: str, paths: Sequence[Path], person: str, now: datetime
) -> list[dict[str, object]]:
    """Keep files by their SHA-256 and seal them as evidence of the case."""
    kept = [keep(settings, path) for path in paths]
    with write(settings.ops) as connection:
        who = answerer(connection, person, now)
        setting = case_setting(settings, connection, now, f"person:{who.person_id}")
        store.add_evidence(connection, case_id, _sealed(kept, who), setting)
    return kept


def _sealed(
    files: Sequence[Mapping[str, object]], who: engine.Answerer
) -> list[Mapping[str, object]]:
    return [{**file, "sealed_by": who.person_id} for file in files]


def hand_over(  # noqa: PLR0913 - who gives what to whom and why
    settings: Settings,
    case_id: str,
    step_id: str,
    to_person: str,
    reason: str,
    person: str,
    now: datetime,
) -> CaseChanged:
    """Give an open step to a named person."""

    def decide(current: Turn, to_id: str, who: engine.Answerer) -> None:
        engine.hand_over(current, step_id, to_id, reason, who)

    with write(settings.ops) as connection:
        to_id = answerer(connection, to_person, now).person_id
        who = answerer(connection, person, now)
        setting = case_setting(settings, connection, now, f"person:{who.person_id}")
        known = {**setting.directory, **receiver(connection, to_id)}
        setting = replace(setting, directory=known)
        store.change(connection, case_id, setting, lambda current: decide(current, to_id, who))
    return CaseChanged(case_id)
