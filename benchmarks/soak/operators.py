"""What the people of the soak do at one instant: open cases, answer some steps, stop some clocks.

Everything is drawn from the seed, the instant and the matter itself, never from a running generator:
a process that was killed half-way and asked again does the rest and nothing twice.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import duckdb

from benchmarks.soak.playbook import playbook_text
from flows.operations import cases, deadlines, repair
from flows.operations.people import answerer, case_setting
from flows.settings import Settings
from playbooks.core.cases import store
from playbooks.core.cases.forms import AnswerError, form_of
from playbooks.core.cases.turn import role_of
from playbooks.core.playbook import parse_playbook
from playbooks.core.playbook.model import TIMED, FormField
from sql.catalogs import open_catalog, write

ANSWERED_SHARE = 0.25
HANDED_OVER_SHARE = 0.01
CLOCK_SHARE = 0.01
ANSWERS_TOGETHER = 20
"""Answers in one transaction, so that thousands of cases are affordable; a kill undoes them all."""


@dataclass(frozen=True)
class Asked:
    """One answer to give, and the chance it is drawn with."""

    case_id: str
    step_id: str
    visit: int
    chance: random.Random


def open_cases(settings: Settings, titles: Sequence[str], now: datetime) -> None:
    """Open a case for every title that has none yet, ten to a transaction."""
    text = playbook_text()
    playbook = parse_playbook(text, "soak.json")
    with open_catalog(settings.ops) as connection:
        rows = connection.execute("select dedupe_key from case_summary").fetchall()
    known = {row[0] for row in rows}
    fresh = [t for t in titles if f"soak\x1f{t}".casefold() not in known]
    for start in range(0, len(fresh), 10):
        with write(settings.ops) as connection:
            setting = case_setting(settings, connection, now, "person:P-handler-1")
            for title in fresh[start : start + 10]:
                store.open_case(connection, playbook, text, {"title": title}, None, setting)


def act(settings: Settings, seed: int, now: datetime) -> None:
    """Answer a share of the open steps, hand some over, pause, resume or extend some clocks."""
    with open_catalog(settings.ops) as connection:
        steps = connection.execute(
            "select case_id, step_id, visit from case_step where status = 'open' "
            "and step_type in ('ask', 'recheck') order by all"
        ).fetchall()
        clocks = connection.execute(
            "select deadline_id, status from deadline where status in ('running', 'paused') order by all"
        ).fetchall()
    answered: list[Asked] = []
    for case_id, step_id, visit in steps:
        chance = random.Random(f"{seed}:{case_id}:{step_id}:{visit}:{now.isoformat()}")
        draw = chance.random()
        if draw < ANSWERED_SHARE:
            answered.append(Asked(case_id, step_id, visit, chance))
        elif draw < ANSWERED_SHARE + HANDED_OVER_SHARE:
            _ignoring_refusal(
                partial(
                    cases.hand_over, settings, case_id, step_id, "P-handler-2", "soak",
                    "P-duty_lead-1", now,
                )
            )  # fmt: skip
    for start in range(0, len(answered), ANSWERS_TOGETHER):
        _answer(settings, answered[start : start + ANSWERS_TOGETHER], now)
    for deadline_id, status in clocks:
        chance = random.Random(f"{seed}:{deadline_id}:{now.isoformat()}")
        if status == "paused" or chance.random() < CLOCK_SHARE:
            _ignoring_refusal(partial(_change_clock, settings, deadline_id, status, chance, now))


def tell(settings: Settings, now: datetime) -> None:
    """Tell the recipients of messages that were given up or are unclear, as an alarm asks for."""
    with open_catalog(settings.ops) as connection:
        found = connection.execute(
            "select dedupe_key from outbox where status in ('failed', 'unknown')"
        ).fetchall()
    for (dedupe_key,) in found:
        repair.acknowledge(settings, dedupe_key, "soak", "P-duty_lead-1", now)


def _answer(settings: Settings, answered: Sequence[Asked], now: datetime) -> None:
    """Give several answers in one transaction; a refused one writes nothing."""
    with write(settings.ops) as connection:
        setting = case_setting(settings, connection, now, "person:soak")
        for asked in answered:
            _ignoring_refusal(partial(_answer_one, connection, asked, setting))


def _answer_one(
    connection: duckdb.DuckDBPyConnection, asked: Asked, setting: store.Setting
) -> None:
    current = store.load(connection, asked.case_id, setting)
    open_step = current.state.open_steps.get(asked.step_id)
    step = current.playbook.step(asked.step_id)
    if open_step is None or not isinstance(step, TIMED):
        return
    role = current.playbook.roles[role_of(step, open_step)].roster
    person_id = open_step.assigned_to or f"P-{role}-{asked.chance.choice((1, 2))}"
    given = {field.name: _value(field, asked.chance) for field in form_of(step, open_step)}
    who = answerer(connection, person_id, setting.now)
    setting = replace(setting, actor=f"person:{person_id}")
    store.answer_step(connection, asked.case_id, asked.step_id, asked.visit, given, who, setting)


def _value(field: FormField, chance: random.Random) -> object:
    return chance.choice(list(field.values)) if field.type == "enum" else "soak"


def _change_clock(
    settings: Settings, deadline_id: str, status: str, chance: random.Random, now: datetime
) -> None:
    lead = "P-duty_lead-1"
    if status == "paused":
        deadlines.resume(settings, deadline_id, lead, now)
    elif chance.random() < 0.5:
        deadlines.pause(settings, deadline_id, "awaiting_reporter", lead, now)
    else:
        deadlines.extend(settings, deadline_id, 1, lead, "soak", lead, now)


def _ignoring_refusal(work: Callable[[], object]) -> None:
    """Do *work*; what the engine refuses with a sentence is a normal answer to a random act."""
    try:
        work()
    except AnswerError:
        return
