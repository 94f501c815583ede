"""办理: answer a step from its form; the answer is in the ledger before anything follows from it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from prefect import State, flow

from flows.form_checks import given_text
from flows.form_runs import Done, run_action, run_name
from flows.operations import cases
from flows.operations.files import keep_from_inbox
from flows.settings import Settings
from playbooks.core.cases.forms import AnswerError

ABOUT_THE_CASE = ("case_id", "visit", "answered_by")


@flow(name="办理步骤", flow_run_name=run_name)
def answer_step(form: dict[str, Any], step_id: str) -> State[str]:
    """Answer one step and show the case's page; the run is red with the reason when it is refused.

    Without Prefect: ``juzhen answer``.

    Args:
        form: the step's fields, ``case_id``, ``visit`` and ``answered_by``. Files are named as they
            lie in the inbox folder.
        step_id: which step; fixed by the deployment.
    """
    return run_action(lambda settings, moment: _answered(settings, form, step_id, moment))


def _answered(settings: Settings, form: dict[str, Any], step_id: str, moment: datetime) -> Done:
    case_id = given_text(form, "case_id", "案件编号")
    person = given_text(form, "answered_by", "填报人")
    answers = {name: value for name, value in form.items() if name not in ABOUT_THE_CASE}
    files = {
        name: keep_from_inbox(settings, cast("list[str]", value))
        for name, value in answers.items()
        if isinstance(value, list)
    }
    changed = cases.answer_step(
        settings,
        case_id,
        step_id,
        {**answers, **files},
        person,
        moment,
        visit=form.get("visit"),
        evidence=files.get("evidence", []),
    )
    if changed.refusal:
        raise AnswerError(changed.refusal)
    letters = f"，起草函件文件 {len(changed.letters)} 个" if changed.letters else ""
    # The answer stands and the sweep tries again; a green run would hide that letters are owed.
    problem = f"函件尚未起草：{changed.undrafted}" if changed.undrafted else ""
    return Done(f"{case_id} 已登记{letters}", case_id, problem)
