"""Run a drill (演练): the whole engine on a simulated clock, in a folder of its own, nothing sent."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

import sql
from flows.calendars import office_calendar
from flows.operations import cases, escalation
from flows.operations.drill_home import Recorder, make_home
from flows.operations.drill_script import Answer, Script
from flows.operations.files import keep_bytes
from flows.operations.system_steps import carry_on
from flows.settings import Settings, SettingsError
from playbooks.core import ledger, roster
from playbooks.core.cases import store
from playbooks.core.cases.forms import AnswerError
from playbooks.core.drill_report import Evaluation, Refusal, figures, report_of
from playbooks.core.messages import local
from playbooks.core.register.columns import labels
from sql.catalogs import open_catalog

MOST_STEPS = 5_000
"""Instants that one drill may come to; a year of reminders has fewer."""


@dataclass(frozen=True)
class DrillMade:
    """Where the evaluation of a drill lies, and the drill in numbers.

    Attributes:
        deadlines: every limit that ran: what, due when, and how it went.
    """

    folder: Path
    case_id: str
    figures: dict[str, int]
    deadlines: tuple[tuple[str, str, str], ...] = ()


@dataclass
class _Drill:
    """A drill under way."""

    settings: Settings
    script: Script
    recorder: Recorder = field(default_factory=Recorder)
    refusals: list[Refusal] = field(default_factory=list[Refusal])
    problems: list[str] = field(default_factory=list[str])
    case_id: str = ""


def run(settings: Settings, script: Script, folder: Path) -> DrillMade:
    """Play *script* and write its evaluation to *folder*.

    Args:
        settings: of this installation; only its register, roster and office are read.
        script: what is reported, and who answers what and when.
        folder: must be empty; gets 演练评估.docx, .html and .json, and the letters, marked 演练.

    Raises:
        SettingsError: *folder* is not empty, or the roster has nobody to open the case.
        AnswerError: the intake does not fit the playbook.
    """
    if folder.exists() and any(folder.iterdir()):
        raise SettingsError(f"{folder} 已有文件；请另选一个空文件夹")
    with tempfile.TemporaryDirectory(prefix="juzhen-drill-") as home:
        drill = _Drill(make_home(settings, Path(home), script.starts_at), script)
        # Nobody else has these files: kept open, they are not locked and flushed anew for every act.
        with (
            open_catalog(drill.settings.ops),
            open_catalog(drill.settings.stats, is_small=True),  # nothing is ever fetched in a drill
        ):
            _open(drill)
            for moment, answers in _instants(drill):
                _play(drill, moment, answers)
            evaluation = _evaluate(drill)
            _write(drill, evaluation, folder)
    return DrillMade(folder, drill.case_id, figures(evaluation), _deadlines(evaluation))


def _deadlines(evaluation: Evaluation) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (clock.title, local(clock.due_at), clock.verdict(evaluation.ended_at))
        for clock in evaluation.clocks
    )


def _open(drill: _Drill) -> None:
    script = drill.script
    report = store.Report(script.report) if script.report else None
    opener = _person(drill, "handler", script.starts_at)
    changed = cases.open_case(
        drill.settings,
        script.playbook,
        script.inputs,
        report,
        opener,
        script.starts_at,
        is_drill=True,
    )
    drill.case_id = changed.case_id


def _person(drill: _Drill, by: str, now: datetime) -> str:
    """Return the id of who holds a role at *now*, or *by* itself when it is a person's id."""
    if by not in labels("role"):
        return by
    with open_catalog(drill.settings.ops) as connection:
        duty = roster.on_duty(connection, by, now)
    if isinstance(duty, roster.Nobody):
        raise AnswerError(f"值班表上 {now:%Y-%m-%d} 没有「{labels('role')[by]}」")
    return duty.person_id


def _instants(drill: _Drill) -> Iterator[tuple[datetime, list[Answer]]]:
    """Yield every instant at which something happens: an answer of the script, or a rung that is due."""
    script, now = drill.script, drill.script.starts_at
    waiting = sorted(((script.instant(answer.at), n) for n, answer in enumerate(script.answers)))
    yield now, []
    for _ in range(MOST_STEPS):
        with open_catalog(drill.settings.ops) as connection:
            found = sql.rows(connection, "deadlines/next_rung", now=now)[0]["due_at"]
        times = [waiting[0][0]] if waiting else []
        times += [found] if isinstance(found, datetime) else []
        if not times or min(times) > script.ends_at:
            return
        now = max(now, min(times))
        due = [script.answers[n] for at, n in waiting if at <= now]
        waiting = [(at, n) for at, n in waiting if at > now]
        yield now, due


def _play(drill: _Drill, now: datetime, answers: list[Answer]) -> None:
    """Let one instant pass: what is due first, then the answers, then what the system owes."""
    escalation.sweep(drill.settings, now)
    for answer in answers:
        try:
            _answer(drill, answer, now)
        except AnswerError as error:
            drill.refusals.append(Refusal(now, answer.step, answer.by, str(error)))
    try:
        carry_on(drill.settings, now)
    except SettingsError as error:
        drill.problems.append(str(error))
    escalation.dispatch(drill.settings, drill.recorder, lambda: now)


def _answer(drill: _Drill, answer: Answer, now: datetime) -> None:
    person = _person(drill, answer.by, now)
    made = [(name, f"演练证据：{name}".encode()) for name in answer.evidence]
    files = [
        {
            "sha256": keep_bytes(drill.settings, content),
            "file_name": name,
            "size_bytes": len(content),
        }
        for name, content in made
    ]
    case_id = _case_of(drill, answer)
    changed = cases.answer_step(
        drill.settings, case_id, answer.step, answer.answers, person, now, evidence=files
    )
    if changed.refusal:
        raise AnswerError(changed.refusal)
    if changed.undrafted:
        drill.problems.append(changed.undrafted)


def _case_of(drill: _Drill, answer: Answer) -> str:
    """Return the case that an answer is for: the drilled one, or one that it opened."""
    case_id = drill.case_id
    for step_id in answer.within:
        with open_catalog(drill.settings.ops) as connection:
            open_step = store.read_state(connection, case_id).open_steps.get(step_id)
        if open_step is None or not open_step.child:
            raise AnswerError(f"案件 {case_id} 的步骤 {step_id} 现在没有启动的子预案")
        case_id = open_step.child
    return case_id


def _evaluate(drill: _Drill) -> Evaluation:
    with open_catalog(drill.settings.ops) as connection:
        rows = connection.execute("select case_id from case_summary order by case_id").fetchall()
        events = ledger.read_cases(connection, [str(row[0]) for row in rows])
        digest = store.read_state(connection, drill.case_id).playbook_digest
        playbook = store.read_playbook(connection, digest)
    last = max(event.occurred_at for each in events.values() for event in each)
    return Evaluation(
        title=drill.script.title,
        playbook=playbook,
        events=events,
        refusals=drill.refusals,
        problems=tuple(dict.fromkeys(drill.problems)),
        calendar=office_calendar(drill.settings),
        started_at=drill.script.starts_at,
        ended_at=max(last, drill.script.ends_at),
    )


def _write(drill: _Drill, evaluation: Evaluation, folder: Path) -> None:
    from playbooks.core.documents import render_docx, render_html

    folder.mkdir(parents=True, exist_ok=True)
    document = report_of(evaluation)
    (folder / "演练评估.docx").write_bytes(render_docx(document, evaluation.ended_at))
    (folder / "演练评估.html").write_text(render_html(document), encoding="utf-8")
    facts = {
        "title": evaluation.title,
        "playbook": f"{evaluation.playbook.id}@{evaluation.playbook.version}",
        "figures": figures(evaluation),
        "refusals": [asdict(refusal) for refusal in evaluation.refusals],
        "problems": list(evaluation.problems),
        "messages": [
            {"title": m.title, "body": m.body, "recipient": m.recipient}
            for m in drill.recorder.messages
        ],
    }
    text = json.dumps(facts, ensure_ascii=False, indent=1, default=str)
    (folder / "演练评估.json").write_text(text + "\n", encoding="utf-8")
    for case_id in evaluation.events:
        letters = drill.settings.outbox / case_id
        if letters.is_dir():
            own = folder / "函件"
            shutil.copytree(letters, own if case_id == drill.case_id else own / case_id)
