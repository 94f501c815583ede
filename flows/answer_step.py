"""办理: answer a step from its form; the answer is in the ledger before anything follows from it."""

from __future__ import annotations

from typing import Any, cast

from prefect import flow

from flows.artifacts import publish_case
from flows.clock import now
from flows.operations import cases
from flows.operations.files import keep_from_inbox
from flows.settings import SettingsError, read_settings
from playbooks.core.cases.forms import AnswerError

ABOUT_THE_CASE = ("case_id", "visit", "answered_by")


@flow(name="办理步骤")
def answer_step(form: dict[str, Any], step_id: str) -> str:
    """Answer one step and show the case's page; the run fails with the reason when it is refused.

    Without Prefect: ``juzhen answer``.

    Args:
        form: the step's fields, ``case_id``, ``visit`` and ``answered_by``. Files are named as they
            lie in the inbox folder.
        step_id: which step; fixed by the deployment.
    """
    settings = read_settings()
    moment = now()
    answers = {name: value for name, value in form.items() if name not in ABOUT_THE_CASE}
    files = {
        name: keep_from_inbox(settings, cast("list[str]", value))
        for name, value in answers.items()
        if isinstance(value, list)
    }
    changed = cases.answer_step(
        settings,
        str(form["case_id"]).strip(),
        step_id,
        {**answers, **files},
        str(form["answered_by"]),
        moment,
        visit=form.get("visit"),
        evidence=files.get("evidence", []),
    )
    publish_case(settings, changed.case_id, moment)
    if changed.refusal:
        raise AnswerError(changed.refusal)
    if changed.undrafted:
        # The answer stands and the sweep tries again; a green run would hide that letters are owed.
        raise SettingsError(changed.undrafted)
    return changed.case_id
