"""Put a step that the system cannot work on to a person: the reason on record, the call in the outbox."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from flows.operations.people import case_setting
from flows.settings import Settings
from playbooks.core.cases import store, system_steps
from playbooks.core.cases.turn import StaleAnswerError
from playbooks.core.documents.text import visible
from playbooks.core.masking import masked
from sql.catalogs import write

REASON_LIMIT = 500
ACTOR = "system:steps"


def put_to_person(
    settings: Settings, now: datetime, case_id: str, step_id: str, error: Exception
) -> None:
    """Record why *error* holds a step up; who is called is the playbook's ``on_exception``.

    The step stays open, so the next sweep tries again; the same reason is recorded once.
    """
    # Some errors speak in the words of a library; their kind says more than their text.
    said = str(error) if not isinstance(error, KeyError) else f"缺少 {error}"
    reason = visible(masked(said), REASON_LIMIT)
    # A step that is no longer open went on meanwhile: another sweep could do it.
    with suppress(StaleAnswerError), write(settings.ops) as connection:
        setting = case_setting(settings, connection, now, ACTOR)
        store.change(
            connection, case_id, setting, lambda turn: system_steps.blocked(turn, step_id, reason)
        )
