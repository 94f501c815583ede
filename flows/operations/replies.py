"""Draft the answers to reporters (答复): one text each, from what the ledger says was done.

A person sends each by the way the report came in and records it; the contact kept apart is shown to
that person alone and erased once the answer is recorded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import sql
from flows.office import read_office
from flows.operations.archives import safe_name
from flows.operations.letter_sources import material_of
from flows.operations.people import answerer
from flows.settings import Settings
from playbooks.core.cases import store
from playbooks.core.cases.forms import AnswerError
from playbooks.core.cases.state import CaseState
from playbooks.core.working_hours import local_day
from playbooks.impersonation import drafting
from sql.catalogs import open_catalog


@dataclass(frozen=True)
class Reply:
    """The answer to one reporter.

    Attributes:
        arrived_by: how the report came in, which is how the answer goes out.
        contact: what reaches the reporter, for whoever answers; empty when none is kept.
    """

    report_id: str
    arrived_by: str
    text: str
    path: Path
    contact: str = field(default="", repr=False)


def draft_replies(settings: Settings, case_id: str, person: str, now: datetime) -> list[Reply]:
    """Draft an answer to every reporter of the case who has none yet.

    Raises:
        AnswerError: no verdict yet, or the person is not known.
        CaseNotFoundError: there is no such case.
    """
    from playbooks.core.documents import render_docx
    from playbooks.core.letters import render_letter, text_of

    office = read_office(settings)
    with open_catalog(settings.ops) as connection:
        answerer(connection, person, now)
        state = store.read_state(connection, case_id)
        if "platform" not in state.inputs:
            raise AnswerError(f"案件 {case_id} 不是账号案件，没有举报人答复可起草")
        settled = drafting.settled_step(state)
        if settled is None:
            raise AnswerError(f"案件 {case_id} 还没有核实结论，不能起草答复")
        playbook = store.read_playbook(connection, state.playbook_digest)
        material = material_of(settings, connection, office, state, playbook)
        sources = drafting.sources_of(state, material)
        known = {
            str(r["report_id"]): r for r in sql.rows(connection, "reports/of_case", case_id=case_id)
        }
    facts = {
        **drafting.facts_of(state, sources, now, None).values(),
        "verdict": state.answers[settled]["verdict"],
        "measures": drafting.measures_taken(state),
        "gone_on": _gone_on(state),
    }
    folder = settings.outbox / case_id / "答复"
    folder.mkdir(parents=True, exist_ok=True)
    replies: list[Reply] = []
    for report_id in [name for name, is_answered in state.reporters.items() if not is_answered]:
        row = known.get(report_id, {})
        number = str(row.get("number") or report_id.partition(":")[2] or report_id)
        letter = render_letter(
            "impersonation/reporter_reply",
            {**facts, "report_number": number},
            watermark="演练" if state.is_drill else None,
        )
        path = folder / f"答复-{safe_name(report_id)}.docx"
        path.write_bytes(render_docx(letter, now))
        arrived_by, contact = str(row.get("arrived_by") or ""), str(row.get("contact") or "")
        replies.append(Reply(report_id, arrived_by, text_of(letter), path, contact))
    return replies


def _gone_on(state: CaseState) -> object:
    """Return the day on which the last look found the account gone; ``None`` when it is not."""
    answered = state.answered.get("recheck")
    is_gone = "recheck" in state.finished and state.answers["recheck"].get("look") == "gone"
    return local_day(answered.at) if answered and is_gone else None
