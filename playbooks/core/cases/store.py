"""Persist what the engine decides: each function here is the inside of one transaction.

The caller opens the ops catalog, wraps the call in ``sql.catalogs.write`` and passes the time, the
work calendar and the duty directory. Events go to the ledger first, then the tables follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

import duckdb

import sql
from playbooks.core import ledger
from playbooks.core.calendar import WorkCalendar
from playbooks.core.cases import engine
from playbooks.core.cases.checks import check_valid
from playbooks.core.cases.folding import fold
from playbooks.core.cases.state import CaseState
from playbooks.core.cases.tables import project_events
from playbooks.core.cases.turn import OfficeLimit, UsualTime
from playbooks.core.ledger import EventType, NewEvent
from playbooks.core.messages import Directory
from playbooks.core.playbook import Playbook, PlaybookError, parse_playbook
from playbooks.core.working_hours import local_day
from sql.refusal import Refusal


class CaseNotFoundError(Refusal, LookupError):
    """There is no such case."""


@dataclass(frozen=True)
class Setting:
    """What every transaction on cases needs from outside.

    Attributes:
        directory: roster role -> person on duty now.
        actor: who acts, as the ledger names it: ``person:P-0001`` or ``system:sweep``.
        usual_times, office_limits: as in ``Turn``.
    """

    now: datetime
    calendar: WorkCalendar
    directory: Directory
    actor: str
    usual_times: Mapping[str, UsualTime] = field(default_factory=dict[str, UsualTime])
    office_limits: Mapping[str, OfficeLimit] = field(default_factory=dict[str, OfficeLimit])


@dataclass(frozen=True)
class Report:
    """One report of the matter; its reporter is owed an answer.

    Attributes:
        report_id: the source and its number, for example ``hotline:2026112200031``.
        reporter: how to reach the reporter, already masked; empty for an anonymous report.
    """

    report_id: str
    reporter: str = ""


@dataclass(frozen=True)
class Opened:
    """The case a report went to, and whether it had been open before."""

    case_id: str
    is_joined: bool


@dataclass(frozen=True)
class Accepted:
    """What became of an answer; ``refusal`` is empty when it was accepted."""

    case_id: str
    step_id: str
    refusal: str = ""


def open_case(  # noqa: PLR0913 - a case has this many sides
    connection: duckdb.DuckDBPyConnection,
    playbook: Playbook,
    playbook_text: str,
    inputs: Mapping[str, object],
    report: Report | None,
    setting: Setting,
    *,
    is_drill: bool = False,
) -> Opened:
    """Open a case, or join *report* to the open case of the same matter.

    Raises:
        AnswerError: the inputs do not fit the playbook's form; nothing was written.
    """
    accepted = engine.check_answers(playbook.inputs, inputs)
    check_valid(playbook, local_day(setting.now))
    key = engine.dedupe_key(playbook, accepted)
    for row in sql.rows(connection, "cases/open_by_dedupe_key", dedupe_key=key, is_drill=is_drill):
        case_id = str(row["case_id"])
        if engine.is_same_matter(playbook, read_state(connection, case_id).inputs, accepted):
            _join(connection, case_id, accepted, report, setting)
            return Opened(case_id, is_joined=True)
    keep_version(connection, playbook, playbook_text, setting.now)
    case_id = next_case_id(connection, playbook, setting.now)
    current = turn(playbook, CaseState(case_id), setting)
    earlier = _earlier_case(connection, playbook, key, accepted, is_drill=is_drill)
    engine.open_case(current, accepted, setting.actor, is_drill=is_drill, reappears_of=earlier)
    if report:
        current.record(EventType.REPORT_JOINED, _report_payload(report), report.report_id)
    commit(connection, current.events, setting.now)
    return Opened(case_id, is_joined=False)


def _earlier_case(
    connection: duckdb.DuckDBPyConnection,
    playbook: Playbook,
    key: str,
    accepted: Mapping[str, object],
    *,
    is_drill: bool,
) -> str:
    """Return the closed case that a new one takes up again: the same matter has come back."""
    for row in sql.rows(
        connection, "cases/closed_by_dedupe_key", dedupe_key=key, is_drill=is_drill
    ):
        case_id = str(row["case_id"])
        if row["outcome"] in playbook.dedupe.reopens and engine.is_same_matter(
            playbook, read_state(connection, case_id).inputs, accepted
        ):
            return case_id
    return ""


def answer_step(  # noqa: PLR0913 - an answer has this many sides
    connection: duckdb.DuckDBPyConnection,
    case_id: str,
    step_id: str,
    visit: int | None,
    answers: Mapping[str, object],
    who: engine.Answerer,
    setting: Setting,
) -> Accepted:
    """Record an answer and go on by it; a stale one is recorded as refused, with the reason.

    Raises:
        AnswerError: the person may not answer or the form is not complete; nothing was written.
    """
    current = load(connection, case_id, setting)
    try:
        engine.answer(current, step_id, visit, answers, who)
    except engine.StaleAnswerError as refusal:
        refused = NewEvent(
            case_id,
            EventType.ANSWER_REFUSED,
            setting.actor,
            {"step_id": step_id, "answered_by": who.person_id, "reason": str(refusal)},
            step_id,
        )
        commit(connection, [refused], setting.now)
        return Accepted(case_id, step_id, str(refusal))
    commit(connection, current.events, setting.now)
    return Accepted(case_id, step_id)


def change(
    connection: duckdb.DuckDBPyConnection,
    case_id: str,
    setting: Setting,
    decide: Callable[[engine.Turn], None],
) -> CaseState:
    """Load a case, let *decide* record events, persist them and return the new state."""
    current = load(connection, case_id, setting)
    decide(current)
    commit(connection, current.events, setting.now)
    return current.state


def load(connection: duckdb.DuckDBPyConnection, case_id: str, setting: Setting) -> engine.Turn:
    """Return a turn on the case as the ledger tells it.

    Raises:
        CaseNotFoundError: the ledger has no such case.
    """
    state = read_state(connection, case_id)
    return turn(read_playbook(connection, state.playbook_digest), state, setting)


def read_state(connection: duckdb.DuckDBPyConnection, case_id: str) -> CaseState:
    """Return the state of *case_id*; ``CaseNotFoundError`` when there is none."""
    events = ledger.read_case(connection, case_id)
    if not events:
        raise CaseNotFoundError(f"没有案件 {case_id}；请核对编号，`juzhen cases` 列出全部案件")
    return fold(case_id, events)


def read_playbook(connection: duckdb.DuckDBPyConnection, digest: str) -> Playbook:
    """Return the playbook version that was frozen under *digest*."""
    found = sql.rows(connection, "cases/playbook_version", digest=digest)
    if not found:
        raise LookupError(
            f"no playbook with digest {digest} is kept; the ops catalog is incomplete"
        )
    return _parsed(str(found[0]["body"]), f"{found[0]['playbook_id']}@{found[0]['version']}")


def read_playbooks(
    connection: duckdb.DuckDBPyConnection, digests: Iterable[str]
) -> dict[str, Playbook | None]:
    """Return the frozen playbooks by digest, ``None`` for one that is lost or cannot be read.

    One bad playbook must not stop the rungs of every other case; whoever asks goes on without it.
    """
    found: dict[str, Playbook | None] = dict.fromkeys(digests)
    if not found:
        return found
    wanted = sql.frame([{"digest": digest} for digest in found])
    with sql.registered(connection, wanted_playbook=wanted):
        rows = sql.rows(connection, "cases/playbook_versions")
    for row in rows:
        with suppress(PlaybookError):
            name = f"{row['playbook_id']}@{row['version']}"
            found[str(row["digest"])] = _parsed(str(row["body"]), name)
    return found


def commit(
    connection: duckdb.DuckDBPyConnection, events: Sequence[NewEvent], now: datetime
) -> ledger.Head:
    """Append *events* to the ledger and bring the tables up to date."""
    latest = ledger.append(connection, events, now)
    project_events(connection, events, now)
    return latest


def add_evidence(
    connection: duckdb.DuckDBPyConnection,
    case_id: str,
    files: Sequence[Mapping[str, object]],
    setting: Setting,
) -> CaseState:
    """Record files that were stored by their SHA-256 as evidence of the case."""

    def decide(current: engine.Turn) -> None:
        for file in files:
            current.record(EventType.EVIDENCE_SEALED, file, str(file["sha256"]))

    return change(connection, case_id, setting, decide)


def turn(playbook: Playbook, state: CaseState, setting: Setting) -> engine.Turn:
    """Return a turn on *state* under *setting*."""
    return engine.Turn(
        playbook,
        state,
        setting.now,
        setting.calendar,
        setting.directory,
        setting.actor,
        setting.usual_times,
        setting.office_limits,
    )


def _join(
    connection: duckdb.DuckDBPyConnection,
    case_id: str,
    inputs: Mapping[str, object],
    report: Report | None,
    setting: Setting,
) -> None:
    def decide(current: engine.Turn) -> None:
        engine.join(current, inputs, _report_payload(report or Report("")))

    change(connection, case_id, setting, decide)


def _report_payload(report: Report) -> dict[str, object]:
    return {"report_id": report.report_id, "reporter": report.reporter}


def keep_version(
    connection: duckdb.DuckDBPyConnection, playbook: Playbook, text: str, now: datetime
) -> None:
    """Freeze the playbook's text under its digest."""
    if sql.rows(connection, "cases/playbook_version", digest=playbook.digest):
        return
    version = {
        "digest": playbook.digest,
        "playbook_id": playbook.id,
        "version": playbook.version,
        "body": text,
        "stored_at": now,
    }
    sql.insert(connection, "playbook_version", [version])


def next_case_id(connection: duckdb.DuckDBPyConnection, playbook: Playbook, now: datetime) -> str:
    """Return the number of the next case: prefix, year in Asia/Shanghai, count within it."""
    prefix = f"{playbook.case_prefix}-{local_day(now).year}-"
    found = sql.rows(connection, "cases/count_with_prefix", prefix=prefix)
    return f"{prefix}{int(str(found[0]['case_count'])) + 1:04d}"


@lru_cache(maxsize=64)
def _parsed(body: str, name: str) -> Playbook:
    return parse_playbook(body, name, is_frozen=True)
