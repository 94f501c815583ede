"""Open the case that a sub-playbook step asks for; the inside of one transaction, like ``store``."""

from __future__ import annotations

import duckdb

from playbooks.core.cases import engine, store
from playbooks.core.cases.state import CaseState
from playbooks.core.cases.system_steps import child_inputs, child_opened
from playbooks.core.playbook import Playbook


def open_child(
    connection: duckdb.DuckDBPyConnection,
    parent: CaseState,
    step_id: str,
    playbook: Playbook,
    playbook_text: str,
    setting: store.Setting,
) -> str | None:
    """Open the case that an open sub-playbook step asks for, and record it in both.

    It is a case of its own, never joined to another; a drill's child is a drill.

    Returns:
        Its id; ``None`` when another process was quicker or the step is not open any more.

    Raises:
        AnswerError: what the step passes on does not fit the other playbook's intake.
    """
    above = store.load(connection, parent.case_id, setting)
    open_step = above.state.open_steps.get(step_id)
    if open_step is None or open_step.child:
        return None
    store.keep_version(connection, playbook, playbook_text, setting.now)
    case_id = store.next_case_id(connection, playbook, setting.now)
    current = store.turn(playbook, CaseState(case_id), setting)
    engine.open_case(
        current,
        child_inputs(above, step_id),
        setting.actor,
        is_drill=above.state.is_drill,
        parent=f"{parent.case_id}/{step_id}",
    )
    child_opened(above, step_id, case_id)
    store.commit(connection, [*current.events, *above.events], setting.now)
    return case_id
