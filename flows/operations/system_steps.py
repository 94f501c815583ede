"""Work on the steps that wait for the system: letters, actions, cases of other playbooks.

Each is done outside any transaction and recorded in one; if it is interrupted, the step stays open
and the next sweep does it again. The ledger takes the result once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import sql
from flows.operations import silence
from flows.operations.actions import DONE_BY, Made
from flows.operations.blocked_steps import ACTOR, put_to_person
from flows.operations.files import keep_bytes
from flows.operations.letters import draft_pending
from flows.operations.people import case_setting, opening_setting
from flows.operations.shipped import read_version
from flows.settings import Settings, SettingsError
from playbooks.core.cases import store, system_steps
from playbooks.core.cases.children import open_child
from playbooks.core.cases.forms import AnswerError
from playbooks.core.cases.turn import StaleAnswerError, Turn
from playbooks.core.playbook import PlaybookError
from playbooks.core.playbook.model import Do, SubPlaybook
from sql.catalogs import CatalogBusyError, open_catalog, write

MOST_ROUNDS = 10
"""One step's result may start the next one; a case that never settles is left to the next sweep."""


def carry_on(settings: Settings, now: datetime, case_id: str | None = None) -> list[Path]:
    """Do what open steps ask of the system, of one case or of all; return the letters for people.

    Raises:
        SettingsError: something could not be done, each case named; the others went on.
    """
    files: list[Path] = []
    problems: list[str] = []
    if case_id is None:
        silence.watch(settings, now)
    for _ in range(MOST_ROUNDS):
        if not _is_anything_open(settings):
            break
        before = len(files)
        files += _draft(settings, now, case_id, problems)
        count = len(files) - before
        for part in (_act, _open_children, _close_children):
            count += part(settings, now, case_id, problems)
        if not count:
            break
    if problems:
        raise SettingsError("\n".join(dict.fromkeys(problems)))
    return files


def _is_anything_open(settings: Settings) -> bool:
    """Whether any step waits for the system; most answers leave none, and each part opens ``ops``."""
    with open_catalog(settings.ops) as connection:
        return any(
            sql.rows(connection, "cases/open_system_steps", step_type=step_type)
            for step_type in ("draft", "do", "sub_playbook")
        )


def _draft(
    settings: Settings, now: datetime, case_id: str | None, problems: list[str]
) -> list[Path]:
    try:
        return draft_pending(settings, now, case_id)
    except SettingsError as error:
        problems.append(str(error))
        return []


def _act(settings: Settings, now: datetime, case_id: str | None, problems: list[str]) -> int:
    with open_catalog(settings.ops) as connection:
        waiting = sql.rows(connection, "cases/open_system_steps", step_type="do")
    wanted = [row for row in waiting if case_id in (None, row["case_id"])]
    return sum(_act_once(settings, now, str(row["case_id"]), str(row["step_id"])) for row in wanted)


def _act_once(settings: Settings, now: datetime, case_id: str, step_id: str) -> bool:
    """Do one action and record it; false when the step stays open for the next sweep."""
    with open_catalog(settings.ops) as connection:
        state = store.read_state(connection, case_id)
        step = store.read_playbook(connection, state.playbook_digest).step(step_id)
    assert isinstance(step, Do)
    try:
        made = DONE_BY[step.action](settings, state, now)
    except CatalogBusyError as error:
        put_to_person(settings, now, case_id, step_id, error)
        return False
    except (SettingsError, AnswerError) as error:
        reason = str(error)
        _record(
            settings, now, case_id, lambda turn: system_steps.action_failed(turn, step_id, reason)
        )
        return True
    files = [
        {
            "sha256": keep_bytes(settings, one.content),
            "file_name": one.file_name,
            "size_bytes": len(one.content),
            "sealed_by": "",
        }
        for one in made
    ]
    _record(settings, now, case_id, lambda turn: system_steps.acted(turn, step_id, files))
    _lay_out(settings, case_id, made)
    return True


def _lay_out(settings: Settings, case_id: str, made: Sequence[Made]) -> None:
    """Lay readable copies beside the letters of the case; the kept originals are named by digest."""
    folder = settings.outbox / case_id
    for one in made:
        if not one.file_name.endswith(".json"):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / one.file_name).write_bytes(one.content)


def _open_children(
    settings: Settings, now: datetime, case_id: str | None, problems: list[str]
) -> int:
    with open_catalog(settings.ops) as connection:
        waiting = sql.rows(connection, "cases/children_to_open")
    opened = 0
    for row in waiting:
        parent_id, step_id = str(row["case_id"]), str(row["step_id"])
        if case_id not in (None, parent_id):
            continue
        try:
            opened += _open_child(settings, now, parent_id, step_id)
        except (SettingsError, AnswerError, PlaybookError) as error:
            problems.append(f"{parent_id} 的子预案未能启动：{error}")
            put_to_person(settings, now, parent_id, step_id, error)
    return opened


def _open_child(settings: Settings, now: datetime, parent_id: str, step_id: str) -> bool:
    with write(settings.ops) as connection:
        state = store.read_state(connection, parent_id)
        step = store.read_playbook(connection, state.playbook_digest).step(step_id)
        assert isinstance(step, SubPlaybook)
        playbook, text = read_version(step.playbook)
        setting = opening_setting(settings, connection, now, ACTOR)
        return open_child(connection, state, step_id, playbook, text, setting) is not None


def _close_children(
    settings: Settings, now: datetime, case_id: str | None, problems: list[str]
) -> int:
    with open_catalog(settings.ops) as connection:
        closed = sql.rows(connection, "cases/children_closed")
        states = {
            str(row["case_id"]): store.read_state(connection, str(row["case_id"])) for row in closed
        }
    count = 0
    for row in closed:
        parent_id, step_id, outcome = str(row["case_id"]), str(row["step_id"]), str(row["outcome"])
        open_step = states[parent_id].open_steps.get(step_id)
        if case_id not in (None, parent_id, row["child"]):
            continue
        if open_step and open_step.child == row["child"]:
            count += _go_on(settings, now, parent_id, step_id, outcome, problems)
    return count


def _go_on(
    settings: Settings,
    now: datetime,
    parent_id: str,
    step_id: str,
    outcome: str,
    problems: list[str],
) -> int:
    try:
        _record(
            settings, now, parent_id, lambda turn: system_steps.child_closed(turn, step_id, outcome)
        )
    except AnswerError as error:
        problems.append(f"{parent_id} 的子预案已办结，但本案不能继续：{error}")
        put_to_person(settings, now, parent_id, step_id, error)
        return 0
    return 1


def _record(
    settings: Settings, now: datetime, case_id: str, decide: Callable[[Turn], None]
) -> None:
    # A stale step was somebody else's: another sweep did the same at the same time.
    with suppress(StaleAnswerError), write(settings.ops) as connection:
        setting = case_setting(settings, connection, now, ACTOR)
        store.change(connection, case_id, setting, decide)
