"""What several tests of cases share: a duty roster, a small playbook, and short ways to act."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playbooks.core import sweep
from playbooks.core.calendar import load_calendar
from playbooks.core.cases import engine, store
from playbooks.core.cases.state import CaseState
from playbooks.core.messages import Recipient
from playbooks.core.playbook import parse_playbook

ROOT = Path(__file__).parents[2]
IMPERSONATION = ROOT / "playbooks" / "impersonation" / "playbook.yml"
MONDAY_9 = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
HASH = "a" * 64
DUTY = {
    "handler": Recipient("P-1", "林晓"),
    "reviewer": Recipient("P-2", "赵敏"),
    "signer": Recipient("P-3", "周岩"),
    "duty_lead": Recipient("P-4", "韩松"),
    "head": Recipient("P-5", "陈婉清"),
}
WHO = {
    role: engine.Answerer(person.person_id, person.name, frozenset({role}))
    for role, person in DUTY.items()
}

# One question of four working hours; on expiry it goes to a second one of one working day.
SMALL = """\
id: small
version: 1
title: 小预案
case_prefix: SML
basis:
  - {text: 内部工作规程}
inputs:
  - {name: title, title: 事项, type: text}
roles:
  handler: {title: 经办人, roster: handler}
  reviewer: {title: 审核人, roster: reviewer}
dedupe: {key: [title]}
start: look
outcomes: {done: 已办}
steps:
  - id: look
    type: ask
    title: 查看
    owner: handler
    form:
      - {name: verdict, title: 结论, type: enum, values: {good: 好, bad: 坏}}
    due: {budget: 4, unit: working_hours, pause_on: [awaiting_reporter], kind: internal, basis: {text: 内部工作规程}}
    escalate:
      - {at: 75%, to: handler}
      - {at: 100%, to: reviewer}
      - {at: +2 working_hours, to: reviewer}
    on_expire: decide
    next:
      - {when: {verdict: good}, go: close}
      - {when: {verdict: bad}, go: decide}
  - id: decide
    type: ask
    title: 决定
    owner: reviewer
    form:
      - {name: note, title: 说明, type: text, max_length: 20}
    due: {budget: 1, unit: working_days, kind: internal, basis: {text: 内部工作规程}}
    escalate:
      - {at: 100%, to: reviewer}
    next: close
  - {id: close, type: end, title: 办结, outcome: done}
"""


def setting_at(now, directory=DUTY, calendar=None, actor="system:test"):
    return store.Setting(now, calendar or load_calendar(None), directory, actor)


def open_small(connection, title="甲", now=MONDAY_9, text=SMALL, **kwargs):
    playbook = parse_playbook(text, "small.yml")
    setting = setting_at(now, **kwargs)
    return store.open_case(connection, playbook, text, {"title": title}, None, setting).case_id


def answer(connection, case_id, step_id, answers, role, now=MONDAY_9, visit=None):
    return store.answer_step(
        connection, case_id, step_id, visit, answers, WHO[role], setting_at(now)
    )


def run_sweep(connection, now, token, directory=DUTY, batch=sweep.BATCH):
    return sweep.sweep(connection, setting_at(now, directory), token, batch=batch)


def open_impersonation(connection, now=MONDAY_9, name="云杉新区发咘"):
    text = IMPERSONATION.read_text(encoding="utf-8")
    inputs = {"platform": "wechat_official", "display_name": name, "channel": "citizen"}
    opened = store.open_case(
        connection,
        parse_playbook(text, "playbook.yml"),
        text,
        inputs,
        store.Report("hotline:1", "138****0000"),
        setting_at(now),
    )
    return opened.case_id


def draft(connection, case_id, step_id, names, now=MONDAY_9):
    letters = [
        {"letter": name, "number": f"〔2026〕{n}号", "digest": HASH, "files": {"docx": HASH}}
        for n, name in enumerate(names, start=1)
    ]
    store.change(
        connection,
        case_id,
        setting_at(now),
        lambda current: engine.drafted(current, step_id, letters),
    )


LETTERS = ["public_security", "platform", "bureau_filing"]
SENT = {"sending": "sent", "sent_by": "机要交换", "receipt": "收字1号"}


def walk_to_parallel(connection, now=MONDAY_9):
    case_id = open_impersonation(connection, now)
    verified = {"verdict": "impersonation", "reason": "名称同音", "harm": "none"}
    answer(connection, case_id, "verify", verified, "handler", now)
    draft(connection, case_id, "draft_letters", LETTERS, now)
    for role in ("reviewer", "signer"):
        answer(connection, case_id, "approve_letters", {"decision": "approve"}, role, now)
    return case_id


def walk_to_the_end(connection, now=MONDAY_9):
    """Every kind of event that a case of impersonation can have without going wrong."""
    case_id = walk_to_parallel(connection, now)
    for step_id in ("send_public_security", "send_platform", "file_with_bureau"):
        answer(connection, case_id, step_id, SENT, "handler", now)
    for day in (1, 2):
        then = now + timedelta(days=day)
        answer(connection, case_id, "recheck", {"look": "gone"}, "handler", then)
    evidence = {"sha256": HASH, "file_name": "截图.png", "size_bytes": 3}
    store.add_evidence(connection, case_id, [evidence], setting_at(now))
    done = {"answered_on": "2026-11-25", "how": "电话答复"}
    answer(connection, case_id, "answer_reporters", done, "handler", now + timedelta(days=2))
    over = now + timedelta(days=33)
    store.change(
        connection,
        case_id,
        setting_at(over),
        lambda current: engine.expire(current, f"{case_id}/watch/1"),
    )
    answer(connection, case_id, "confirm_close", {"checked": "齐全"}, "reviewer", over)
    return case_id


def open_many(connection, count, now=MONDAY_9, text=SMALL):
    """Open *count* small cases in one go, their events interleaved as they come."""
    playbook = parse_playbook(text, "small.yml")
    first = open_small(connection, "件0001", now, text)
    events = []
    for number in range(2, count + 1):
        case_id = f"SML-2026-{number:04d}"
        current = store.turn(playbook, CaseState(case_id), setting_at(now))
        engine.open_case(current, {"title": f"件{number:04d}"}, "person:P-1", is_drill=False)
        events.extend(current.events)
    store.commit(connection, events, now)
    return [first, *(f"SML-2026-{number:04d}" for number in range(2, count + 1))]


CHILD = Path(__file__).parent / "crash_child.py"


def start_child(home, ops, what, now, *rest):
    """Start ``crash_child.py``, whose docstring tells the arguments."""
    arguments = [sys.executable, str(CHILD), str(home), str(ops), what, now.isoformat(), *rest]
    return subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def run_here(home, ops, what, now):
    """Do in this process what a child would that nobody kills; a process costs a second."""
    from tests.support import crash_child

    return crash_child.act(str(home), str(ops), what, now.isoformat())


def run_child(home, ops, what, now, *rest):
    """Run the child to its end, or to its death at its own hand; return what it printed."""
    child = start_child(home, ops, what, now, *rest)
    printed, _ = child.communicate(timeout=60)
    killed = any(not part.startswith("-") for part in rest)
    assert child.returncode == (-signal.SIGKILL if killed else 0)
    return printed.strip()
